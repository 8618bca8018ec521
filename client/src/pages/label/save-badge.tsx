import { Match, Switch } from 'solid-js';
import type { SaveState } from '../../session/index.ts';

/** Whether one's work is kept: always in sight, always one of these words. */
export function SaveBadge(props: { state: SaveState }) {
  const refused = () => (props.state.kind === 'refused' ? props.state : null);
  return (
    <span
      class="inline-flex min-w-24 items-center gap-1.5 text-sm text-ink-2"
      role="status"
      data-testid="save-state"
      data-state={props.state.kind}
    >
      <span
        class="size-2 rounded-full"
        classList={{
          'bg-accent': props.state.kind === 'saved',
          'bg-warn': ['saving', 'connecting', 'offline'].includes(props.state.kind),
          'bg-danger': ['refused', 'closed'].includes(props.state.kind),
        }}
        aria-hidden="true"
      />
      <Switch>
        <Match when={props.state.kind === 'saved'}>Saved</Match>
        <Match when={props.state.kind === 'saving'}>Saving…</Match>
        <Match when={props.state.kind === 'connecting'}>Connecting…</Match>
        <Match when={props.state.kind === 'offline'}>
          Offline, {(props.state as { unsent: number }).unsent} unsent (kept on this device)
        </Match>
        <Match when={refused()}>
          {(state) => <span class="text-danger-ink">Not taken: {state().reason}</span>}
        </Match>
        <Match when={props.state.kind === 'closed'}>
          <span class="text-danger-ink">
            {(props.state as { problem: { detail: string } }).problem.detail}
          </span>
        </Match>
      </Switch>
    </span>
  );
}
