import type { Finalization } from '@concord/core/records/finalization';
import { createUniqueId, Show } from 'solid-js';
import { Button, LinkButton, TextArea } from '../../ui/index.ts';

/** The reason and the button, always in sight at the foot of the panel. */
export function Decision(props: {
  reason: string;
  onReason: (text: string) => void;
  busy: boolean;
  settled: boolean;
  finalization: Finalization | undefined;
  onSettle: () => void;
}) {
  const id = createUniqueId();
  return (
    <div class="border-t border-line bg-surface px-4 py-3">
      <Show
        when={!props.settled}
        fallback={
          <div class="flex flex-col gap-2">
            <Show when={props.finalization?.settledBy.reason}>
              {(reason) => <p class="text-base break-words text-ink-2">{reason()}</p>}
            </Show>
            <LinkButton kind="primary" href="/disputes">
              To the disputes
            </LinkButton>
          </div>
        }
      >
        <label for={id} class="mb-1.5 block text-sm font-medium">
          Why? <span class="font-normal text-ink-3">Goes into the record, for the people who answered</span>
        </label>
        <TextArea
          id={id}
          rows={2}
          class="min-h-15 max-lg:!min-h-0 max-lg:[field-sizing:content]"
          data-testid="decision-reason"
          maxLength={4000}
          value={props.reason}
          onInput={(event) => props.onReason(event.currentTarget.value)}
        />
        <Button
          kind="primary"
          class="mt-2 w-full"
          busy={props.busy}
          onClick={() => props.onSettle()}
          data-testid="settle"
        >
          Settle
          <span class="text-xs opacity-80 pointer-coarse:hidden">Ctrl ⏎</span>
        </Button>
      </Show>
    </div>
  );
}
