import type { ProjectQuality } from '@concord/core/protocol/resources';
import type { LabelSchema } from '@concord/core/records/label-schema';
import { For, Show } from 'solid-js';
import { count, percent } from '../../lib/format.ts';

/** Per class: its share of all votes beside its share of the settled answers. A gap shows what settling changed. */
export function ClassShares(props: { classes: ProjectQuality['classes']; schema: LabelSchema }) {
  const votes = () => props.classes.reduce((sum, c) => sum + c.votes, 0);
  const finals = () => props.classes.reduce((sum, c) => sum + c.final, 0);
  const look = (name: string) => props.schema.classes.find((c) => c.name === name);
  const share = (n: number, all: number) => (all === 0 ? 0 : n / all);
  const rows = () => [...props.classes].sort((a, b) => b.votes - a.votes);
  return (
    <Show when={votes() > 0} fallback={<p class="text-sm text-ink-3">Appears with the first submission.</p>}>
      <table class="w-full text-sm">
        <thead class="sr-only">
          <tr>
            <th>Class</th>
            <th>Shares</th>
            <th>Votes</th>
            <th>Settled</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {(c) => (
              <tr>
                <th scope="row" class="max-w-36 py-1.5 pr-4 text-left font-medium">
                  <span class="block truncate">{look(c.name)?.title ?? c.name}</span>
                </th>
                <td class="w-full py-1.5" aria-hidden="true">
                  <div class="flex flex-col gap-0.5">
                    <div class="h-2 rounded-full bg-sunken">
                      <div
                        class="h-full rounded-full opacity-45 transition-[width] duration-300"
                        style={{
                          width: `${share(c.votes, votes()) * 100}%`,
                          background: look(c.name)?.color ?? 'var(--open)',
                        }}
                      />
                    </div>
                    <div class="h-2 rounded-full bg-sunken">
                      <div
                        class="h-full rounded-full transition-[width] duration-300"
                        style={{
                          width: `${share(c.final, finals()) * 100}%`,
                          background: look(c.name)?.color ?? 'var(--open)',
                        }}
                      />
                    </div>
                  </div>
                </td>
                <td class="py-1.5 pl-4 text-right whitespace-nowrap tabular-nums">
                  <span class="block leading-4">
                    {count(c.votes)} <span class="text-ink-3">votes</span>
                  </span>
                  <span class="block leading-4">
                    {count(c.final)} <span class="text-ink-3">settled</span>
                  </span>
                </td>
                <td class="py-1.5 pl-4 text-right whitespace-nowrap text-ink-3 tabular-nums">
                  <span class="block leading-4">{percent(share(c.votes, votes()))}</span>
                  <span class="block leading-4">
                    {finals() === 0 ? '–' : percent(share(c.final, finals()))}
                  </span>
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}
