import { A, createAsync, revalidate, useSearchParams } from '@solidjs/router';
import { createSignal, For, Show } from 'solid-js';
import { call } from '../api/index.ts';
import { coefficient, plural } from '../lib/format.ts';
import { readTasks, taskFilterOf } from '../reads/index.ts';
import { useProject } from '../shell/project-context.ts';
import { iMay } from '../shell/session.ts';
import { StateBadge } from '../ui/badge.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';
import { Table, Td, Th } from '../ui/table.tsx';
import { showError, showToast } from '../ui/toast.tsx';

/** The project's tasks: filter, search, choose, put at the head of the queue. */
export function DataPage() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const [search, setSearch] = useSearchParams();
  const page = createAsync(() => readTasks(id(), taskFilterOf(search)));
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const toggle = (task: string) => {
    const next = new Set(chosen());
    if (!next.delete(task)) next.add(task);
    setChosen(next);
  };
  async function queueFirst(): Promise<void> {
    try {
      const { queued, left } = await call('tasks.prioritise', {
        params: { project: id() },
        body: { tasks: [...chosen()] },
      });
      showToast(
        'ok',
        `${plural(queued, 'task')} at the head of the queue${left.length > 0 ? `; ${left.length} left: ${left[0]!.why}` : ''}`,
      );
      setChosen(new Set<string>());
      await revalidate(readTasks.key);
    } catch (error) {
      showError(error);
    }
  }
  return (
    <Page width="wide">
      <div class="mb-4 flex flex-wrap items-center gap-3">
        <Input
          type="search"
          class="max-w-64"
          placeholder="Search in texts and names"
          aria-label="Search"
          value={String(search['q'] ?? '')}
          onChange={(e) => setSearch({ q: e.currentTarget.value || null, after: null })}
        />
        <select
          class="h-9 rounded-md border border-line bg-surface px-2"
          aria-label="State"
          value={String(search['state'] ?? '')}
          onChange={(e) => setSearch({ state: e.currentTarget.value || null, after: null })}
        >
          <option value="">All states</option>
          <option value="open">Open</option>
          <option value="disputed">Disputed</option>
          <option value="finalized">Settled</option>
        </select>
        <span class="flex-1" />
        <Show when={chosen().size > 0}>
          <Button kind="primary" onClick={() => void queueFirst()}>
            Put {chosen().size} at the head of the queue
          </Button>
        </Show>
      </div>
      <Show when={page()}>
        {(list) => (
          <Show
            when={list().items.length > 0}
            fallback={
              <EmptyState
                title="No tasks here"
                action={<LinkButton href={`/projects/${id()}/import`}>Import data</LinkButton>}
              >
                Import data, or change the filter.
              </EmptyState>
            }
          >
            <Table
              label="Tasks"
              head={
                <>
                  <Th />
                  <Th right>#</Th>
                  <Th>Item</Th>
                  <Th>State</Th>
                  <Th>Answer</Th>
                  <Th right>Agreement</Th>
                  <Th right>Labels</Th>
                  <Th />
                </>
              }
            >
              <For each={list().items}>
                {(task) => (
                  <tr>
                    <Td>
                      <input
                        type="checkbox"
                        aria-label={`Choose task ${task.seq}`}
                        checked={chosen().has(task.id)}
                        onChange={() => toggle(task.id)}
                        disabled={task.state !== 'open' || !iMay('manage-projects')}
                      />
                    </Td>
                    <Td right>{task.seq}</Td>
                    <Td class="max-w-96 truncate">{task.preview}</Td>
                    <Td>
                      <StateBadge state={task.state} />
                    </Td>
                    <Td class="max-w-48 truncate">{task.answer ?? ''}</Td>
                    <Td right>{task.agreement === null ? '–' : coefficient(task.agreement)}</Td>
                    <Td right>{task.submissions}</Td>
                    <Td right>
                      <Show when={iMay('review')}>
                        <A class="text-accent-ink" href={`/review/${task.id}`}>
                          Open
                        </A>
                      </Show>
                    </Td>
                  </tr>
                )}
              </For>
            </Table>
            <div class="mt-3 flex gap-2">
              <Button disabled={search['after'] === undefined} onClick={() => setSearch({ after: null })}>
                First
              </Button>
              <Button disabled={list().next === null} onClick={() => setSearch({ after: list().next })}>
                Next
              </Button>
            </div>
          </Show>
        )}
      </Show>
    </Page>
  );
}
