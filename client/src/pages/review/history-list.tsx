import type { TaskDetail } from '@concord/core/protocol/resources';
import type { LogEntry } from '@concord/core/rooms/op';
import { sayEntry } from '@concord/core/rooms/say-entry';
import { createResource, For, Show, Suspense } from 'solid-js';
import { call, messageOf } from '../../api/index.ts';
import { dateTime } from '../../lib/format.ts';
import { classTitle, type Surface } from '../../modalities/surface.ts';
import { Skeleton } from '../../ui/index.ts';

/** Newest entries shown; a long session has thousands of small moves. */
const shownEntries = 200;

/** What happened in this room, newest first. */
export function HistoryList(props: { detail: TaskDetail; surface: Surface; nameOf: (id: string) => string }) {
  const [entries] = createResource(async () => {
    const answer = await call('tasks.history', { params: { task: props.detail.task.id } });
    return (answer.entries as LogEntry[]).slice(-shownEntries).reverse();
  });
  const say = (entry: LogEntry) => sayEntry(entry, (name) => classTitle(props.detail.project.schema, name));
  return (
    <Suspense fallback={<Skeleton class="h-16 w-full" />}>
      <Show
        when={!entries.error}
        fallback={<p class="text-sm text-danger-ink">{messageOf(entries.error)}</p>}
      >
        <ol class="flex flex-col gap-1.5">
          <For each={entries()} fallback={<li class="text-sm text-ink-3">Nothing yet.</li>}>
            {(entry) => (
              <li class="text-sm">
                <time class="mr-1.5 text-xs text-ink-3">{dateTime(entry.at)}</time>
                <span class="font-medium">
                  {entry.by.startsWith('usr_')
                    ? props.nameOf(entry.by)
                    : entry.by.startsWith('mdl_')
                      ? 'The model'
                      : 'Concord'}
                </span>{' '}
                <span class="break-words text-ink-2">{say(entry)}</span>
              </li>
            )}
          </For>
        </ol>
      </Show>
    </Suspense>
  );
}
