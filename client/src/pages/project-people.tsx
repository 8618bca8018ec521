import type { AnnotatorFigures } from '@concord/core/protocol/resources';
import { createAsync, revalidate } from '@solidjs/router';
import UsersRound from 'lucide-solid/icons/users-round';
import { createSignal, For, Show } from 'solid-js';
import { ago, count, duration, percent } from '../lib/format.ts';
import { now } from '../lib/now.ts';
import { createThrottle, useTopic } from '../live/index.ts';
import { readAnnotators } from '../reads/queries.ts';
import { useProject } from '../shell/project-context.ts';
import { iMay } from '../shell/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';
import { SortableTh, Table, Td } from '../ui/table.tsx';
import { ReliabilityBar } from './reliability-bar.tsx';

const columns = {
  person: (p: AnnotatorFigures) => p.user.display.toLowerCase(),
  submissions: (p: AnnotatorFigures) => p.submissions,
  settled: (p: AnnotatorFigures) => p.settled,
  reliability: (p: AnnotatorFigures) => p.reliability ?? -1,
  time: (p: AnnotatorFigures) => p.meanLeadTimeMs ?? -1,
  last: (p: AnnotatorFigures) => p.lastAt ?? 0,
};
type Column = keyof typeof columns;

/** Everybody's work in this project, and how far their answers can be relied on. */
export function ProjectPeople() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const people = createAsync(() => readAnnotators(id()));
  const again = createThrottle(() => void revalidate(readAnnotators.key), 2000);
  useTopic(() => `project:${id()}`, again, again);
  const [by, setBy] = createSignal<Column>('submissions');
  const [down, setDown] = createSignal(true);
  const sorted = () => {
    const key = columns[by()];
    const sign = down() ? -1 : 1;
    return [...(people() ?? [])].sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
  };
  function sort(column: Column): void {
    setDown(by() === column ? !down() : column !== 'person');
    setBy(column);
  }
  const head = (column: Column, text: string, right = true, className = '') => (
    <SortableTh
      right={right}
      class={className}
      order={by() === column ? (down() ? 'descending' : 'ascending') : 'none'}
      onSort={() => sort(column)}
    >
      {text}
    </SortableTh>
  );

  return (
    <Page>
      <Show when={people()}>
        <Show
          when={sorted().length > 0}
          fallback={
            <div class="card">
              <EmptyState
                icon={<UsersRound size={20} aria-hidden="true" />}
                title="Nobody has submitted yet"
                action={
                  <Show when={iMay('invite')}>
                    <LinkButton kind="primary" href="/people">
                      Invite people
                    </LinkButton>
                  </Show>
                }
              >
                Each person’s work appears with their first submission.
              </EmptyState>
            </div>
          }
        >
          <Table
            label="People in this project"
            head={
              <>
                {head('person', 'Person', false)}
                {head('submissions', 'Submissions')}
                {head('settled', 'Settled', true, 'max-md:hidden')}
                {head('reliability', 'Reliability', false)}
                {head('time', 'Mean time', true, 'max-sm:hidden')}
                {head('last', 'Last', true, 'max-lg:hidden')}
              </>
            }
          >
            <For each={sorted()}>
              {(p) => (
                <tr>
                  <Td>
                    <span class="flex items-center gap-2.5">
                      <Avatar user={p.user} size={26} />
                      <span class="min-w-0">
                        <span class="block font-medium break-words">{p.user.display}</span>
                        <span class="block text-xs break-all text-ink-3">{p.user.name}</span>
                      </span>
                    </span>
                  </Td>
                  <Td right>{count(p.submissions)}</Td>
                  <Td
                    right
                    class="max-md:hidden"
                    title={`${p.right} of ${p.settled} equal to the settled answer`}
                  >
                    {count(p.right)}
                    <span class="text-ink-3"> of {count(p.settled)}</span>
                  </Td>
                  <Td class="w-2/5 sm:min-w-40">
                    <ReliabilityBar value={p.reliability} interval={p.interval} />
                  </Td>
                  <Td right class="max-sm:hidden">
                    {p.meanLeadTimeMs === null ? '–' : duration(p.meanLeadTimeMs)}
                  </Td>
                  <Td right class="whitespace-nowrap text-ink-2 max-lg:hidden">
                    {p.lastAt === null ? '–' : ago(p.lastAt, now())}
                  </Td>
                </tr>
              )}
            </For>
          </Table>
          <p class="mt-3 max-w-prose text-sm text-ink-3">
            Reliability is how often a person’s answer equalled the settled one, with the range it lies in
            with {percent(0.95)} probability: few settled answers, wide range. Settled counts those that were
            equal, of all their settled ones.
          </p>
        </Show>
      </Show>
    </Page>
  );
}
