import { createAsyncStore, revalidate, useSearchParams } from '@solidjs/router';
import ListStart from 'lucide-solid/icons/list-start';
import { createSignal, Show } from 'solid-js';
import { plural } from '../../lib/format.ts';
import { createThrottle, useTopic } from '../../live/index.ts';
import { readTasks, type TaskFilter, taskFilterOf } from '../../reads/index.ts';
import { useProject } from '../../shell/project-context.ts';
import { iMay } from '../../shell/session.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { QueueDialog } from './queue-dialog.tsx';
import { TaskTable } from './task-table.tsx';
import { Toolbar } from './toolbar.tsx';

/** The project's tasks: filter, search, choose, put at the head of the queue, open for review. */
export function TasksPage() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const [search, setSearch] = useSearchParams();
  const filter = () => taskFilterOf(search);
  // A store, so that rows that did not change keep their elements, and with them the focus.
  const page = createAsyncStore(() => readTasks(id(), filter()));
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [queueing, setQueueing] = createSignal(false);
  /** Cursors of the pages before this one, for going back. */
  const [before, setBefore] = createSignal<readonly (string | null)[]>([]);
  const again = createThrottle(() => void revalidate(readTasks.key), 2000);
  useTopic(() => `project:${id()}`, again, again);

  const items = () => page()?.items ?? [];
  const filtered = () => Object.keys(filter()).length > 0;
  function change(patch: Partial<Record<keyof TaskFilter, string | null>>): void {
    setBefore([]);
    setSearch({ after: null, ...patch }, { replace: true });
  }
  function next(): void {
    setBefore([...before(), filter().after ?? null]);
    setSearch({ after: page()?.next ?? null });
  }
  function back(): void {
    const trail = [...before()];
    const to = trail.pop() ?? null;
    setBefore(trail);
    setSearch({ after: to });
  }

  return (
    <Page width="wide">
      <Toolbar filter={filter()} summary={summary()} onChange={change} />
      <Show when={page()}>
        {(list) => (
          <Show
            when={list().items.length > 0}
            fallback={
              <Nothing
                filtered={filtered()}
                more={list().next !== null}
                onMore={next}
                onClear={() => change({ state: null, q: null, answer: null, from: null })}
              />
            }
          >
            <TaskTable
              tasks={items()}
              schema={summary().project.schema}
              chosen={chosen()}
              onChoose={setChosen}
              onFilterAnswer={(answer) => change({ answer })}
            />
            <nav aria-label="Pages" class="mt-3 flex items-center gap-2">
              <p class="text-sm text-ink-3 tabular-nums">
                #{items()[0]?.seq} to #{items()[items().length - 1]?.seq}
              </p>
              <span class="flex-1" />
              <Show when={filter().after !== undefined}>
                <Button size="sm" kind="quiet" onClick={() => change({})}>
                  First page
                </Button>
              </Show>
              <Button size="sm" disabled={before().length === 0} onClick={back}>
                Previous
              </Button>
              <Button size="sm" disabled={list().next === null} onClick={next}>
                Next
              </Button>
            </nav>
          </Show>
        )}
      </Show>
      <Show when={chosen().size > 0}>
        <div class="sticky bottom-4 z-10 mt-4 flex justify-center">
          <div class="flex animate-pop items-center gap-2 rounded-xl border border-line bg-raised py-2 pr-2 pl-4 shadow-pop">
            <span class="mr-2 font-medium tabular-nums">{plural(chosen().size, 'task')} chosen</span>
            <Button size="sm" kind="quiet" onClick={() => setChosen(new Set<string>())}>
              None
            </Button>
            <Show when={iMay('manage-projects')}>
              <Button size="sm" kind="primary" onClick={() => setQueueing(true)}>
                <ListStart size={15} aria-hidden="true" />
                Put first in the queue
              </Button>
            </Show>
          </div>
        </div>
      </Show>
      <QueueDialog
        open={queueing()}
        project={id()}
        tasks={[...chosen()]}
        onClose={() => setQueueing(false)}
        onDone={() => {
          setQueueing(false);
          setChosen(new Set<string>());
          void revalidate(readTasks.key);
        }}
      />
    </Page>
  );
}

function Nothing(props: { filtered: boolean; more: boolean; onMore: () => void; onClear: () => void }) {
  const { summary } = useProject();
  return (
    <div class="card">
      <Show
        when={props.filtered}
        fallback={
          <EmptyState
            title="No tasks yet"
            action={
              <Show when={iMay('manage-projects')}>
                <LinkButton kind="primary" href={`/projects/${summary().project.id}/import`}>
                  Import data
                </LinkButton>
              </Show>
            }
          >
            Each row, text or picture you import becomes a task in this table.
          </EmptyState>
        }
      >
        <EmptyState
          title={props.more ? 'Nothing found so far' : 'Nothing fits this filter'}
          action={
            <>
              <Show when={props.more}>
                <Button kind="primary" onClick={props.onMore}>
                  Search on
                </Button>
              </Show>
              <Button onClick={props.onClear}>Show all tasks</Button>
            </>
          }
        >
          {props.more ? 'The first 5,000 tasks were looked through.' : 'Loosen it, or show all tasks again.'}
        </EmptyState>
      </Show>
    </div>
  );
}
