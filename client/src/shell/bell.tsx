import Bell from 'lucide-solid/icons/bell';
import { createSignal, Show } from 'solid-js';
import { Popover } from '../ui/popover.tsx';
import { NotificationList, ReadAll } from './notification-list.tsx';
import { notifications } from './notifications.ts';

/** What is meant for me, behind a bell that counts what is unread. */
export function NotificationBell(props: {
  triggerClass: string;
  placement: 'bottom-end' | 'right-end';
  text?: string;
}) {
  const [open, setOpen] = createSignal(false);
  const label = () =>
    notifications.unread() === 0 ? 'Notifications' : `Notifications, ${notifications.unread()} unread`;
  return (
    <Popover
      label={label()}
      placement={props.placement}
      open={open()}
      onOpenChange={setOpen}
      triggerClass={props.triggerClass}
      flush
      trigger={
        <>
          <span class="relative">
            <Bell size={17} aria-hidden="true" />
            <Show when={props.text === undefined && notifications.unread() > 0}>
              <Count class="absolute -top-2 left-2" />
            </Show>
          </span>
          <Show when={props.text}>
            <span>{props.text}</span>
            <Show when={notifications.unread() > 0}>
              <Count class="ml-auto" />
            </Show>
          </Show>
        </>
      }
    >
      <div class="w-88 max-w-[calc(100vw-1.5rem)] p-1">
        <div class="flex items-center justify-between gap-2 px-3 py-1.5">
          <h2 class="text-sm font-semibold">Notifications</h2>
          <ReadAll />
        </div>
        <NotificationList class="max-h-[min(26rem,60dvh)] overflow-y-auto" onFollow={() => setOpen(false)} />
      </div>
    </Popover>
  );
}

function Count(props: { class: string }) {
  return (
    <span
      class={`min-w-4 rounded-full bg-accent px-1 text-center text-2xs font-semibold text-on-accent tabular-nums ${props.class}`}
      data-testid="unread-count"
    >
      {notifications.unread() >= 100 ? '99+' : notifications.unread()}
    </span>
  );
}
