import { useLocation, useNavigate } from '@solidjs/router';
import { createEffect, on } from 'solid-js';
import { showToast } from '../ui/toast.tsx';
import { addressOfNotification, notifications, sayNotification } from './notifications.ts';

/** Says at once what has just come for me, unless I am in that room, where it shows by itself. */
export function useNotificationToasts(): void {
  const location = useLocation();
  const navigate = useNavigate();
  createEffect(
    on(
      notifications.fresh,
      (fresh) => {
        for (const item of fresh) {
          if (location.pathname.includes(item.taskId)) continue;
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
