import { useParams } from '@solidjs/router';
import { createEffect, createSignal, Match, on, onCleanup, Switch } from 'solid-js';
import { type OpenTask, openTask } from '../../room/open-task.ts';
import { ErrorState, LinkButton } from '../../ui/index.ts';
import { Bench } from './bench.tsx';

type Now =
  | { readonly kind: 'loading' }
  | { readonly kind: 'task'; readonly open: OpenTask }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A super-reviewer in one room: everybody's answer, what differs, a start, a reason, settled; then the next. */
export function ReviewPage() {
  const params = useParams();
  const [now, setNow] = createSignal<Now>({ kind: 'loading' });
  let run = 0;

  function leave(): void {
    const here = now();
    if (here.kind === 'task') here.open.session.close('when-sent');
  }
  async function load(task: string): Promise<void> {
    const mine = ++run;
    try {
      const open = await openTask(task, 'review');
      if (mine !== run) return open.session.close('now');
      leave();
      setNow({ kind: 'task', open });
    } catch (error) {
      if (mine === run) setNow({ kind: 'failed', error });
    }
  }
  createEffect(
    on(
      () => params['task'] ?? '',
      (task) => void load(task),
    ),
  );
  onCleanup(() => {
    run += 1;
    leave();
  });

  return (
    <Switch fallback={<div class="h-dvh" aria-busy="true" />}>
      <Match when={now().kind === 'failed' && (now() as Extract<Now, { kind: 'failed' }>)}>
        {(failed) => (
          <main class="grid h-dvh place-items-center">
            <div>
              <ErrorState error={failed().error} retry={() => void load(params['task'] ?? '')} />
              <div class="-mt-8 flex justify-center">
                <LinkButton kind="quiet" href="/disputes">
                  To the disputes
                </LinkButton>
              </div>
            </div>
          </main>
        )}
      </Match>
      <Match when={now().kind === 'task' && (now() as Extract<Now, { kind: 'task' }>).open} keyed>
        {(open) => <Bench open={open} />}
      </Match>
    </Switch>
  );
}
