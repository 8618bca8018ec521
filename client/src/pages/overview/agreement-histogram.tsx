import { For, Show } from 'solid-js';
import { count, plural } from '../../lib/format.ts';

/** Items by agreement in ten bins; those below the project's threshold in the colour of disagreement. */
export function AgreementHistogram(props: { bins: readonly number[]; items: number; threshold: number }) {
  const top = () => Math.max(1, ...props.bins);
  const below = () => props.bins.reduce((sum, n, i) => ((i + 1) / 10 <= props.threshold ? sum + n : sum), 0);
  return (
    <figure class="flex h-full flex-col">
      <div class="relative min-h-36 flex-1">
        <div
          class="absolute inset-0 flex items-end gap-1"
          role="img"
          aria-label={`Items by agreement in ten bins from 0 to 1: ${props.bins.join(', ')}`}
        >
          <For each={props.bins}>
            {(n, i) => (
              <div
                class="flex h-full flex-1 flex-col justify-end"
                title={`${(i() / 10).toFixed(1)} to ${((i() + 1) / 10).toFixed(1)}: ${plural(n, 'item')}`}
              >
                <span class="text-center text-2xs text-ink-3 tabular-nums">{n > 0 ? count(n) : ''}</span>
                <div
                  class="rounded-t-[3px] transition-[height] duration-300"
                  style={{
                    height: n > 0 ? `max(3px, ${(80 * n) / top()}%)` : '1px',
                    background:
                      n === 0
                        ? 'var(--line)'
                        : (i() + 1) / 10 <= props.threshold
                          ? 'var(--warn)'
                          : 'var(--accent)',
                  }}
                />
              </div>
            )}
          </For>
        </div>
      </div>
      <div class="mt-1 flex justify-between text-2xs text-ink-3 tabular-nums" aria-hidden="true">
        <span>0</span>
        <span>0.5</span>
        <span>1</span>
      </div>
      <figcaption class="mt-2 text-sm text-ink-3">
        <Show when={props.items > 0} fallback="Appears when two people have answered the same item blind.">
          {below() === 0 ? 'None' : plural(below(), 'item')} of {count(props.items)} below the{' '}
          {props.threshold} needed to settle.
        </Show>
      </figcaption>
    </figure>
  );
}
