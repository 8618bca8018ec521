import { Show } from 'solid-js';
import { percent } from '../lib/format.ts';

/** A share with its 95 % interval: the band is where it may lie, the mark its mean. */
export function ReliabilityBar(props: { value: number | null; interval: readonly [number, number] | null }) {
  return (
    <Show
      when={props.value !== null && props.interval}
      fallback={<span class="text-sm text-ink-3">Nothing settled yet</span>}
    >
      {(interval) => (
        <span
          class="flex items-center gap-3"
          title={`${percent(props.value)}, between ${percent(interval()[0])} and ${percent(interval()[1])}`}
        >
          <span class="relative h-2 flex-1 rounded-full bg-sunken max-sm:hidden" aria-hidden="true">
            <span
              class="absolute inset-y-0 rounded-full bg-accent/35"
              style={{ left: `${interval()[0] * 100}%`, right: `${(1 - interval()[1]) * 100}%` }}
            />
            <span
              class="absolute -inset-y-0.5 w-1 -translate-x-1/2 rounded-full bg-accent"
              style={{ left: `${(props.value ?? 0) * 100}%` }}
            />
          </span>
          <span class="shrink-0 text-sm whitespace-nowrap tabular-nums sm:w-24">
            <span class="font-medium">{percent(props.value)}</span>
            <span class="ml-1.5 text-ink-3">
              {Math.round(interval()[0] * 100)}–{Math.round(interval()[1] * 100)}
            </span>
          </span>
        </span>
      )}
    </Show>
  );
}
