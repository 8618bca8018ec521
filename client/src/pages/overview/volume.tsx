import { For } from 'solid-js';
import { count, percent } from '../../lib/format.ts';
import { useProject } from '../../shell/project-context.ts';
import { StackedBar } from '../../ui/progress.tsx';

/** How many tasks there are and where they stand. Moves with the work. */
export function Volume() {
  const { summary } = useProject();
  const parts = () => {
    const s = summary();
    return [
      { label: 'settled', title: 'Settled', count: s.finalized, color: 'var(--accent)' },
      { label: 'disputed', title: 'Disputed', count: s.disputed, color: 'var(--warn)' },
      { label: 'open', title: 'Open', count: s.open, color: 'var(--open)' },
    ];
  };
  return (
    <section class="card px-4 py-4 sm:px-5" aria-label="Volume">
      <dl class="mb-3.5 flex flex-wrap gap-x-9 gap-y-3 tabular-nums">
        <For each={parts()}>
          {(part) => (
            <div>
              <dt class="flex items-center gap-1.5 text-sm text-ink-3">
                <span class="size-2 rounded-full" style={{ background: part.color }} />
                {part.title}
              </dt>
              <dd class="text-xl font-semibold tracking-tight">
                {count(part.count)}
                <span class="ml-1.5 text-sm font-normal tracking-normal text-ink-3">
                  {percent(summary().tasks === 0 ? null : part.count / summary().tasks)}
                </span>
              </dd>
            </div>
          )}
        </For>
        <div class="sm:ml-auto sm:text-right">
          <dt class="text-sm text-ink-3">Tasks</dt>
          <dd class="text-xl font-semibold tracking-tight">{count(summary().tasks)}</dd>
        </div>
        <div class="sm:text-right">
          <dt class="text-sm text-ink-3">Answers given</dt>
          <dd class="text-xl font-semibold tracking-tight">{count(summary().submissions)}</dd>
        </div>
      </dl>
      <StackedBar label="Tasks by state" class="h-2" parts={parts()} />
    </section>
  );
}
