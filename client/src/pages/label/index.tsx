import { useNavigate, useParams } from '@solidjs/router';
import { createEffect, createSignal, Match, on, onCleanup, Switch } from 'solid-js';
import { useTopic } from '../../live/index.ts';
import { type OpenTask, openNext, openTask } from '../../room/open-task.ts';
import { roomsClient } from '../../session/index.ts';
import { me } from '../../shell/session.ts';
import { ErrorState, LinkButton, showError } from '../../ui/index.ts';
import { EmptyQueue } from './empty-queue.tsx';
import { Workplace } from './workplace.tsx';

type Now =
  | { readonly kind: 'loading' }
  | { readonly kind: 'task'; readonly open: OpenTask }
  | { readonly kind: 'empty' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** One task after the other: label, submit, and the next one is there. With a task in the address, that one. */
export function LabelPage() {
  const params = useParams();
  const navigate = useNavigate();
  const project = () => params['project'] ?? '';
  const [now, setNow] = createSignal<Now>({ kind: 'loading' });
  /** The task done before this one, to look back at. */
  const [previous, setPrevious] = createSignal<{ id: string; seq: number } | null>(null);
  let run = 0;

  function leave(how: 'when-sent' | 'give-back'): void {
    const here = now();
    if (here.kind === 'task') here.open.session.close(how);
  }
  /** Shows what `opening` brings. What was on the stage stays there until then. */
  async function show(opening: Promise<OpenTask | null>): Promise<void> {
    const mine = ++run;
    try {
      const open = await opening;
      if (mine !== run) return open?.session.close('give-back');
      setNow(open === null ? { kind: 'empty' } : { kind: 'task', open });
    } catch (error) {
      if (mine === run) setNow({ kind: 'failed', error });
    }
  }
  function load(): Promise<void> {
    const task = params['task'];
    return show(task === undefined ? openNext(project()) : openTask(task, 'annotate'));
  }

  createEffect(
    on([project, () => params['task']], ([, task]) => {
      // A link to the task that is on the stage changes nothing of it.
      const here = now();
      if (task !== undefined && here.kind === 'task' && here.open.detail.task.id === task) return;
      leave('give-back');
      setNow({ kind: 'loading' });
      void load();
    }),
  );
  onCleanup(() => {
    run += 1;
    leave('give-back');
  });
  void roomsClient().sendLeftovers(me()).catch(showError);
  // An empty queue fills again by itself.
  useTopic(
    () => (now().kind === 'empty' ? `project:${project()}` : undefined),
    () => void load(),
    () => void load(),
  );

  function onNext(next?: Promise<OpenTask | null>): void {
    const here = now();
    const done = here.kind === 'task' ? here.open.detail.task : undefined;
    if (done !== undefined) setPrevious({ id: done.id, seq: done.seq });
    if (params['task'] !== undefined) {
      void next?.then((open) => open?.session.close('give-back')).catch(() => {});
      navigate(`/label/${project()}`);
      return;
    }
    leave('when-sent');
    void show(next ?? openNext(project(), done?.id));
  }

  return (
    <Switch fallback={<div class="h-dvh" aria-busy="true" />}>
      <Match when={now().kind === 'failed' && (now() as Extract<Now, { kind: 'failed' }>)}>
        {(failed) => (
          <main class="grid h-dvh place-items-center">
            <div>
              <ErrorState error={failed().error} retry={() => void load()} />
              <div class="-mt-8 flex justify-center">
                <LinkButton kind="quiet" href={`/projects/${project()}`}>
                  To the project
                </LinkButton>
              </div>
            </div>
          </main>
        )}
      </Match>
      <Match when={now().kind === 'empty'}>
        <EmptyQueue project={project()} previous={previous()} />
      </Match>
      <Match when={now().kind === 'task' && (now() as Extract<Now, { kind: 'task' }>).open} keyed>
        {(open) => (
          <Workplace
            open={open}
            previous={previous()}
            onNext={onNext}
            ahead={() => openNext(project(), open.detail.task.id)}
          />
        )}
      </Match>
    </Switch>
  );
}
