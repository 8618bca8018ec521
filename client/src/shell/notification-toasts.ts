import { useNavigate } from '@solidjs/router';
import { createEffect, on } from 'solid-js';
import { showToast } from '../ui/toast.tsx';
import { addressOfNotification, notifications, sayNotification } from './notifications.ts';

/** Says at once what has just come for me, unless I am in that room, where it shows by itself. */
export function useNotificationToasts(): void {
  const navigate = useNavigate();
  createEffect(
    on(
      notifications.fresh,
      (fresh) => {
        for (const item of fresh) {
          if (item.taskId === notifications.room()) continue;
          showToast('info', `${item.by.display} ${sayNotification(item)} in ${item.projectName}.`, {
            label: 'Open',
            run: () => navigate(addressOfNotification(item)),
          });
        }
      },
      { defer: true },
    ),
  );
}
