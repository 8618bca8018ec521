import type { ModelFigures } from '@concord/core/protocol/resources';
import { For, Show } from 'solid-js';
import { ago, count, percent, plural } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { Badge } from '../../ui/badge.tsx';
import { StackedBar } from '../../ui/progress.tsx';

/** Each model: what it was trained on, and what people did with what it suggested. */
export function ModelAcceptance(props: { models: readonly ModelFigures[]; retrainEvery: number }) {
  return (
    <Show
      when={props.models.length > 0}
      fallback={
        <p class="text-sm text-ink-3">
          {props.retrainEvery === 0
            ? 'None yet. Training is switched off in the settings.'
            : `None yet. The first one is trained when ${plural(props.retrainEvery, 'item')} are settled, where this kind of work has a model.`}
        </p>
      }
    >
      <ul class="divide-y divide-line">
        <For each={props.models}>
          {(m) => {
            const shown = () => m.accepted + m.edited + m.rejected;
            return (
              <li class="grid items-center gap-x-8 gap-y-2 py-3 first:pt-0 last:pb-0 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,1.3fr)]">
                <div class="min-w-0">
                  <p class="flex items-center gap-2 font-medium">
                    <span class="truncate">{m.name}</span>
                    <Badge>version {m.version}</Badge>
                  </p>
                  <p class="text-sm text-ink-3">
                    <Show when={m.trainedOn > 0} fallback="Ready-made">
                      Trained on {plural(m.trainedOn, 'settled item')}
                    </Show>
                    {' · '}
                    {ago(m.updatedAt, now())}
                  </p>
                </div>
                <p class="text-sm whitespace-nowrap text-ink-3">
                  <Show when={m.accuracy !== null}>
                    Cross-validated accuracy{' '}
                    <span class="font-medium text-ink tabular-nums">{percent(m.accuracy)}</span>
                  </Show>
                </p>
                <div>
                  <StackedBar
                    label="Suggestions"
                    class="h-2"
                    parts={[
                      { label: 'accepted', count: m.accepted, color: 'var(--accent)' },
                      { label: 'edited', count: m.edited, color: 'var(--open)' },
                      { label: 'rejected', count: m.rejected, color: 'var(--warn)' },
                    ]}
                  />
                  <p class="mt-1.5 text-sm text-ink-3 tabular-nums">
                    <Show when={shown() > 0} fallback="Nobody has answered one of its suggestions yet">
                      <span class="font-medium text-ink">{percent(m.accepted / shown())} accepted</span> ·{' '}
                      {count(m.edited)} edited · {count(m.rejected)} rejected, of {count(shown())}
                    </Show>
                  </p>
                </div>
              </li>
            );
          }}
        </For>
      </ul>
    </Show>
  );
}
