import { createUniqueId, Show } from 'solid-js';
import { newRegionId } from '../../session/index.ts';
import { TextArea } from '../../ui/index.ts';
import { answerPlace } from '../presence.ts';
import type { StageProps } from '../surface.ts';
import { NameFlag } from './name-flag.tsx';

/** The free-text question of the schema, where it has one. What is typed is sent as it is typed. */
export function ReasonField(props: { stage: StageProps; class?: string }) {
  const id = createUniqueId();
  // Everything typed between two visits to the field is one step of undo.
  let group = newRegionId();
  const place = answerPlace('reason');
  const holder = () => props.stage.presence.heldBy(place);
  const value = (): string => {
    const reason = props.stage.layer.answers['reason'];
    return typeof reason === 'string' ? reason : '';
  };
  return (
    <Show when={props.stage.schema.reason?.ask ? props.stage.schema.reason : undefined}>
      {(question) => (
        <div class={props.class}>
          <label for={id} class="mb-1 flex items-baseline gap-2 text-sm font-medium">
            {question().prompt || 'Why?'}
            <span class="font-normal text-ink-3">{question().required ? 'required' : 'optional'}</span>
            <Show when={holder()}>
              {(who) => <NameFlag who={who()} text="is writing" class="self-center" />}
            </Show>
          </label>
          <TextArea
            id={id}
            rows={1}
            // Grows with what is written, up to a few lines, so that the asset keeps the room.
            class="!min-h-0 max-h-28 resize-none [field-sizing:content]"
            data-reason
            placeholder="In a few words"
            maxLength={10_000}
            disabled={!props.stage.editable}
            readOnly={holder() !== null}
            value={value()}
            onFocus={() => {
              group = newRegionId();
            }}
            onInput={(e) => {
              const text = e.currentTarget.value;
              props.stage.dispatch(
                [{ t: 'classify', set: { reason: text.trim() === '' ? null : text } }],
                `reason-${group}`,
              );
            }}
            onKeyDown={(e) => {
              const who = holder();
              if (who !== null && e.key.length === 1) props.stage.presence.onHeldBack(who);
              if (e.key === 'Escape') e.currentTarget.blur();
            }}
          />
        </div>
      )}
    </Show>
  );
}
