import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { cx } from '../lib/class-names.ts';
import { agoShort, dateTime } from '../lib/format.ts';
import { now } from '../lib/now.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { showError } from '../ui/toast.tsx';
import { addressOfNotification, notifications, sayNotification } from './notifications.ts';

/** Marks everything as read. */
export function ReadAll() {
  return (
    <Button
      size="sm"
      kind="quiet"
      disabled={notifications.unread() === 0}
      onClick={() => notifications.read().catch(showError)}
    >
      Mark all read
    </Button>
  );
}

/** What is meant for me, newest first; each leads to the comment in its room. */
export function NotificationList(props: { onFollow?: () => void; class?: string }) {
  return (
    <ul class={props.class} data-testid="notifications">
      <For
        each={notifications.items()}
        fallback={
          <li class="px-3 py-5 text-center text-sm text-ink-3">
            Nothing yet. When somebody mentions you in a comment, it is here.
          </li>
        }
      >
        {(item) => (
          <li>
            <A
              href={addressOfNotification(item)}
              class={cx(
                'flex gap-2.5 rounded-md px-3 py-2.5 outline-offset-[-2px] hover:bg-hover',
                item.unread && 'bg-accent-soft/60',
              )}
              onClick={() => {
                if (item.unread) notifications.read([item.id]).catch(showError);
                props.onFollow?.();
              }}
            >
              <Avatar user={item.by} size={26} />
              <span class="min-w-0 flex-1">
                <span class="block text-sm">
                  <span class="font-medium">{item.by.display}</span> {sayNotification(item)}
                </span>
                <span class="block truncate text-xs text-ink-3">
                  {item.projectName} · task {item.taskSeq} · {item.preview}
                </span>
              </span>
              <span class="flex flex-col items-end gap-1 text-xs whitespace-nowrap text-ink-3">
                <time datetime={new Date(item.at).toISOString()} title={dateTime(item.at)}>
                  {agoShort(item.at, now())}
                </time>
                <Show when={item.unread}>
                  <span class="size-2 rounded-full bg-accent" role="img" aria-label="Unread" />
                </Show>
              </span>
            </A>
          </li>
        )}
      </For>
    </ul>
  );
}
