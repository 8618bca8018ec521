import Check from 'lucide-solid/icons/check';
import CloudOff from 'lucide-solid/icons/cloud-off';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { type JSX, Match, Switch } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import type { SaveState } from '../../session/index.ts';

/** Whether one's work is kept: always in sight, always in the same place, its width reserved so that nothing jumps. */
export function SaveBadge(props: { state: SaveState }) {
  const is = <K extends SaveState['kind']>(kind: K) =>
    props.state.kind === kind && (props.state as Extract<SaveState, { kind: K }>);
  return (
    <span
      role="status"
      data-testid="save-state"
      data-state={props.state.kind}
      class="inline-flex min-w-19 justify-end text-xs font-medium whitespace-nowrap"
    >
      <Switch>
        <Match when={is('saved')}>
          <Pill
            class="text-accent-ink"
            icon={<Check size={14} aria-hidden="true" />}
            title="The server has everything"
          >
            Saved
          </Pill>
        </Match>
        <Match when={is('saving')}>
          <Pill class="text-ink-3" icon={<span class="size-1.5 animate-pulse rounded-full bg-ink-3" />}>
            Saving
          </Pill>
        </Match>
        <Match when={is('connecting')}>
          <Pill class="text-ink-3" icon={<span class="size-1.5 animate-pulse rounded-full bg-ink-3" />}>
            Connecting
          </Pill>
        </Match>
        <Match when={is('offline')}>
          {(state) => (
            <Pill
              class="rounded-md bg-warn-soft px-1.5 py-1 text-warn-ink"
              icon={<CloudOff size={14} aria-hidden="true" />}
              title="Kept on this device. Go on working: it is sent as soon as the server answers, also after a reload."
            >
              Offline{state().unsent > 0 ? ` · ${state().unsent} unsent` : ''}
            </Pill>
          )}
        </Match>
        <Match when={is('refused')}>
          {(state) => (
            <Pill
              class="rounded-md bg-danger-soft px-1.5 py-1 text-danger-ink"
              icon={<TriangleAlert size={14} aria-hidden="true" />}
              title={state().reason}
            >
              {state().count === 1 ? '1 change not taken' : `${state().count} changes not taken`}
            </Pill>
          )}
        </Match>
        <Match when={is('closed')}>
          {(state) => (
            <Pill
              class="rounded-md bg-danger-soft px-1.5 py-1 text-danger-ink"
              icon={<TriangleAlert size={14} aria-hidden="true" />}
              title={state().problem.detail}
            >
              Closed
            </Pill>
          )}
        </Match>
      </Switch>
    </span>
  );
}

function Pill(props: { class: string; icon: JSX.Element; title?: string; children: JSX.Element }) {
  return (
    <span class={cx('inline-flex items-center gap-1', props.class)} title={props.title}>
      {props.icon}
      <span>{props.children}</span>
    </span>
  );
}
