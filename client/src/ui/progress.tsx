import { For } from 'solid-js';
import { cx } from '../lib/class-names.ts';

/** How much of something is done. `value` 0..1; null while the total is unknown. */
export function Progress(props: { value: number | null; label: string; class?: string }) {
  return (
    <div
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(props.value === null ? {} : { 'aria-valuenow': Math.round(props.value * 100) })}
      class={cx('h-1.5 overflow-hidden rounded-full bg-sunken', props.class)}
    >
      <div
        class={cx(
          'h-full rounded-full bg-accent transition-[width] duration-200',
          props.value === null && 'animate-pulse',
        )}
        style={{ width: `${(props.value ?? 1) * 100}%` }}
      />
    </div>
  );
}

export interface BarPart {
  readonly label: string;
  readonly count: number;
  /** A CSS colour. */
  readonly color: string;
}

/** Parts of a whole as one bar. Every part that is not empty stays visible. */
export function StackedBar(props: { parts: readonly BarPart[]; label: string; class?: string }) {
  const total = () => props.parts.reduce((sum, p) => sum + p.count, 0);
  return (
    <div
      role="img"
      aria-label={`${props.label}: ${props.parts.map((p) => `${p.count} ${p.label}`).join(', ')}`}
      class={cx('flex gap-px overflow-hidden rounded-full bg-sunken', props.class ?? 'h-1.5')}
    >
      <For each={props.parts.filter((p) => p.count > 0)}>
        {(part) => (
          <div
            class="h-full transition-[width] duration-300"
            style={{
              width: total() === 0 ? '0' : `${(part.count / total()) * 100}%`,
              'min-width': '3px',
              background: part.color,
            }}
          />
        )}
      </For>
    </div>
  );
}
