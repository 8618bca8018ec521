import type { TaskState } from '@concord/core/records/task';
import type { JSX } from 'solid-js';
import { cx } from '../lib/class-names.ts';

export type Tone = 'neutral' | 'accent' | 'warn' | 'danger' | 'open';
const tones: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent-ink',
  warn: 'bg-warn-soft text-warn-ink',
  danger: 'bg-danger-soft text-danger-ink',
  open: 'bg-open-soft text-open-ink',
};

export function Badge(props: { tone?: Tone; class?: string; children: JSX.Element }) {
  return (
    <span
      class={cx(
        'inline-flex items-center gap-1 rounded-sm align-middle px-1.5 py-px text-xs font-medium whitespace-nowrap',
        tones[props.tone ?? 'neutral'],
        props.class,
      )}
    >
      {props.children}
    </span>
  );
}

const states: Record<TaskState, { tone: Tone; text: string; dot: string }> = {
  open: { tone: 'open', text: 'Open', dot: 'bg-open' },
  disputed: { tone: 'warn', text: 'Disputed', dot: 'bg-warn' },
  finalized: { tone: 'accent', text: 'Settled', dot: 'bg-accent' },
};

/** A task's state, in the colours used for it everywhere. */
export function StateBadge(props: { state: TaskState }) {
  const row = () => states[props.state];
  return (
    <Badge tone={row().tone}>
      <span class={cx('size-1.5 rounded-full', row().dot)} />
      {row().text}
    </Badge>
  );
}

/** A class of the schema: its colour as a dot, so that the text keeps its contrast. */
export function ClassTag(props: { color: string; children: JSX.Element }) {
  return (
    <span class="inline-flex max-w-full items-center align-middle gap-1.5 rounded-sm bg-sunken px-1.5 py-px text-xs font-medium text-ink">
      <span class="size-2 shrink-0 rounded-full" style={{ background: props.color }} />
      <span class="truncate">{props.children}</span>
    </span>
  );
}
