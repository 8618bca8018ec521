import { A, createAsync, revalidate } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { ago, coefficient, percent, plural } from '../lib/format.ts';
import { now } from '../lib/now.ts';
import { useTopic } from '../live/index.ts';
import { readDisputes } from '../reads/queries.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

/** What waits for a super-reviewer; new disputes appear by themselves. */
export function Disputes() {
  const list = createAsync(() => readDisputes());
  const again = () => void revalidate(readDisputes.key);
  useTopic(() => 'disputes', again, again);
  return (
    <Page>
      <PageHeader
        title="Disputes"
        description={<Show when={list()}>{(l) => plural(l().items.length, 'item')}</Show>}
      />
      <ul class="flex flex-col gap-2" data-testid="disputes">
        <For
          each={list()?.items ?? []}
          fallback={
            <Show when={list()}>
              <EmptyState title="Nothing is disputed">
                When people disagree at the limit of a project’s overlap, the item appears here at once.
              </EmptyState>
            </Show>
          }
        >
          {(d) => (
            <li>
              <A
                href={`/review/${d.taskId}`}
                class="card flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3 hover:border-accent"
              >
                <span class="min-w-0 flex-1 basis-64 truncate font-medium">{d.preview}</span>
                <span class="text-sm text-ink-3">{d.projectName}</span>
                <span class="text-sm tabular-nums">
                  {plural(d.submissions, 'answer')} · agreement{' '}
                  {d.agreement === null ? '–' : coefficient(d.agreement)} · confidence{' '}
                  {d.confidence === null ? '–' : percent(d.confidence)}
                </span>
                <span class="text-sm text-ink-3">{ago(d.disputedAt, now())}</span>
              </A>
            </li>
          )}
        </For>
      </ul>
    </Page>
  );
}
