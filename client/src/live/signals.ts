import type { LiveUpdate } from '@concord/core/protocol/live';
import type { ProjectSummary } from '@concord/core/protocol/resources';
import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import { listen } from './connection.ts';

/** Listens to a topic for as long as the caller's owner lives. `topic` may change; undefined listens to nothing. */
export function useTopic(
  topic: () => string | undefined,
  listener: (update: LiveUpdate) => void,
  onSubscribed?: () => void,
): void {
  // By value: a topic that is computed anew and stays the same is not subscribed again.
  const wanted = createMemo(topic);
  createEffect(
    on(wanted, (name) => {
      if (name !== undefined) onCleanup(listen(name, listener, onSubscribed));
    }),
  );
}

/** A project's summary as it is fetched, and from then on as it moves. */
export function useLiveSummary(fetched: () => ProjectSummary | undefined): () => ProjectSummary | undefined {
  const [moved, setMoved] = createSignal<ProjectSummary>();
  useTopic(
    () => {
      const id = fetched()?.project.id;
      return id === undefined ? undefined : `project:${id}`;
    },
    (update) => update.kind === 'project' && setMoved(update.project),
  );
  // A newer fetch replaces what moved before it.
  createEffect(on(fetched, () => setMoved(undefined), { defer: true }));
  return () => {
    const newer = moved();
    const base = fetched();
    return newer !== undefined && newer.project.id === base?.project.id ? newer : base;
  };
}

/** Runs `work` at once and then at most every `everyMs` while calls come in; the last call is never lost. */
export function createThrottle(work: () => void, everyMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  onCleanup(() => clearTimeout(timer));
  const run = (): void => {
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      run();
    }, everyMs);
  };
  return () => {
    if (timer === undefined) run();
    else again = true;
  };
}
