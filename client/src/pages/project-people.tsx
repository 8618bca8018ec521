import { createAsync } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { count, duration, percent } from '../lib/format.ts';
import { readAnnotators } from '../reads/queries.ts';
import { useProject } from '../shell/project-context.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';
import { Table, Td, Th } from '../ui/table.tsx';

/** Everybody's work in this project, and how far their answers can be relied on. */
export function ProjectPeople() {
  const { summary } = useProject();
  const people = createAsync(() => readAnnotators(summary().project.id));
  return (
    <Page>
      <Show when={people()}>
        {(list) => (
          <Show
            when={list().length > 0}
            fallback={
              <EmptyState title="Nobody has submitted yet">
                Figures appear with the first submission.
              </EmptyState>
            }
          >
            <Table
              label="People"
              head={
                <>
                  <Th>Person</Th>
                  <Th right>Submissions</Th>
                  <Th right>Settled</Th>
                  <Th right>Right</Th>
                  <Th right>Reliability (95 %)</Th>
                  <Th right>Mean time</Th>
                </>
              }
            >
              <For each={list()}>
                {(p) => (
                  <tr>
                    <Td>
                      <span class="flex items-center gap-2">
                        <Avatar user={p.user} size={24} />
                        {p.user.display}
                      </span>
                    </Td>
                    <Td right>{count(p.submissions)}</Td>
                    <Td right>{count(p.settled)}</Td>
                    <Td right>{count(p.right)}</Td>
                    <Td right>
                      {p.reliability === null || p.interval === null
                        ? '–'
                        : `${percent(p.reliability)} (${percent(p.interval[0])} to ${percent(p.interval[1])})`}
                    </Td>
                    <Td right>{p.meanLeadTimeMs === null ? '–' : duration(p.meanLeadTimeMs)}</Td>
                  </tr>
                )}
              </For>
            </Table>
          </Show>
        )}
      </Show>
    </Page>
  );
}
