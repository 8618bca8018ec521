import type { ProjectQuality } from '@concord/core/protocol/resources';
import { For, Show } from 'solid-js';
import { verdictOf } from '../../lib/agreement-words.ts';
import { coefficient, count, plural } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';

interface Figure {
  readonly name: string;
  readonly value: number | null;
  readonly means: string;
  /** Why it is undefined where it is. */
  readonly without: string;
}

/** Of fewer, a coefficient says next to nothing. */
const ITEMS_FOR_VERDICT = 20;

const tones: Record<string, Tone> = { good: 'accent', fair: 'neutral', poor: 'warn' };

/** The coefficients, what each means, and what to make of its value. */
export function AgreementFigures(props: { quality: ProjectQuality }) {
  const figures = (): readonly Figure[] => {
    const q = props.quality;
    const unanswered = 'No item has two blind answers yet';
    const nominal = q.items === 0 ? unanswered : 'Not enough variation yet';
    return [
      {
        name: 'Item agreement',
        value: q.itemAgreement,
        means: `How alike two people’s answers to one item are, on average over ${count(q.items)} items.`,
        without: unanswered,
      },
      {
        name: 'Krippendorff’s alpha',
        value: q.alpha,
        means: 'Agreement beyond chance; takes items with any number of answers. 1 is perfect, 0 is chance.',
        without: nominal,
      },
      {
        name: 'Fleiss’ kappa',
        value: q.fleiss,
        means: 'Agreement beyond chance among a fixed number of answers per item.',
        without: nominal,
      },
      {
        name: 'Gwet’s AC1',
        value: q.ac1,
        means: 'Beyond chance as well, and steady where nearly everything is of one class.',
        without: nominal,
      },
    ];
  };
  return (
    <dl class="grid gap-x-8 gap-y-5 sm:grid-cols-2 lg:grid-cols-4">
      <For each={figures()}>
        {(figure, i) => (
          <div>
            <dt class="text-sm text-ink-2">{figure.name}</dt>
            <dd class="mt-0.5 flex min-h-8 items-center gap-2.5">
              <Show
                when={figure.value !== null}
                fallback={<span class="text-sm text-ink-3">{figure.without}</span>}
              >
                <span class="text-2xl font-semibold tracking-tight tabular-nums">
                  {coefficient(figure.value)}
                </span>
                <Show when={i() > 0 && verdictOf(figure.value)}>
                  {(verdict) => (
                    <Show
                      when={props.quality.items >= ITEMS_FOR_VERDICT}
                      fallback={<Badge tone="neutral">{plural(props.quality.items, 'item')} only</Badge>}
                    >
                      <Badge tone={tones[verdict().level] ?? 'neutral'}>{verdict().text}</Badge>
                    </Show>
                  )}
                </Show>
              </Show>
            </dd>
            <dd class="mt-1 text-sm text-pretty text-ink-3">{figure.means}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}
