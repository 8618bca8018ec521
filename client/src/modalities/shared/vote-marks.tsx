import { For, Show } from 'solid-js';
import { initialsOf, inkOn } from '../../lib/people.ts';
import type { OtherLayer } from '../surface.ts';

/** Who else gave this answer: one mark a person, in their colour. */
export function VoteMarks(props: { others: readonly OtherLayer[]; answerKey: string; value: string }) {
  const voters = () =>
    props.others.filter((o) => o.kind === 'person' && o.layer.answers[props.answerKey] === props.value);
  return (
    <Show when={voters().length > 0}>
      <span
        class="flex -space-x-1.5"
        role="img"
        aria-label={`Chosen by ${voters()
          .map((v) => v.name)
          .join(', ')}`}
      >
        <For each={voters()}>
          {(voter) => (
            <span
              class="grid size-6 place-items-center rounded-full border-2 border-surface text-2xs font-semibold"
              style={{ background: voter.color, color: inkOn(voter.color) }}
              title={voter.name}
            >
              {initialsOf(voter.name)}
            </span>
          )}
        </For>
      </span>
    </Show>
  );
}
