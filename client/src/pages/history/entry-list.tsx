import type { LogEntry } from '@concord/core/rooms/op';
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { rowsInSight, scrollFor } from './window.ts';

const rowHeight = 46;

/** Who did what when: the whole log, of which only what is in sight is drawn. A press goes there. */
export function EntryList(props: {
  entries: readonly LogEntry[];
  seq: number;
  who: (entry: LogEntry) => { readonly name: string; readonly color: string };
  say: (entry: LogEntry) => string;
  when: (entry: LogEntry) => string;
  onGoTo: (seq: number) => void;
}) {
  let list: HTMLDivElement | undefined;
  const [top, setTop] = createSignal(0);
  const [height, setHeight] = createSignal(400);
  const range = createMemo(() => rowsInSight(props.entries.length, rowHeight, top(), height()), undefined, {
    equals: (a, b) => a.from === b.from && a.to === b.to,
  });
  const rows = createMemo(() => props.entries.slice(range().from, range().to));

  onMount(() => {
    if (list === undefined) return;
    const box = list;
    const observer = new ResizeObserver(() => setHeight(box.clientHeight));
    observer.observe(box);
    onCleanup(() => observer.disconnect());
  });
  // What is shown on the stage is in sight in the list.
  createEffect(
    on([() => props.seq, height], ([seq]) => {
      if (list === undefined || seq === 0) return;
      const to = scrollFor(seq - 1, rowHeight, list.scrollTop, list.clientHeight);
      if (to !== list.scrollTop) list.scrollTop = to;
    }),
  );

  return (
    <div
      ref={list}
      class="relative min-h-0 flex-1 overflow-y-auto"
      data-testid="history-entries"
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <ol class="relative" style={{ height: `${props.entries.length * rowHeight}px` }}>
        <For each={rows()}>
          {(entry) => (
            <li class="absolute inset-x-0" style={{ top: `${(entry.seq - 1) * rowHeight}px` }}>
              <button
                type="button"
                class={cx(
                  'flex w-full items-start gap-2.5 border-l-3 px-3 py-1 text-left',
                  entry.seq === props.seq
                    ? 'border-accent bg-accent-soft'
                    : 'border-transparent hover:bg-hover',
                  entry.seq > props.seq && 'opacity-50',
                )}
                style={{ height: `${rowHeight}px` }}
                aria-current={entry.seq === props.seq ? 'step' : undefined}
                data-entry={entry.seq}
                title={props.say(entry)}
                onClick={() => props.onGoTo(entry.seq)}
              >
                <span
                  class="mt-1.5 size-2 shrink-0 rounded-full"
                  style={{ background: props.who(entry).color }}
                  aria-hidden="true"
                />
                <span class="min-w-0 flex-1">
                  <span class="flex items-baseline gap-2 text-xs text-ink-3">
                    <span class="min-w-0 flex-1 truncate font-medium text-ink-2">
                      {props.who(entry).name}
                    </span>
                    <time class="whitespace-nowrap tabular">{props.when(entry)}</time>
                  </span>
                  <span class="block truncate text-sm">{props.say(entry)}</span>
                </span>
              </button>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}
