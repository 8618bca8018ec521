import Hand from 'lucide-solid/icons/hand';
import { createSignal, createUniqueId, Show } from 'solid-js';
import { cx } from '../lib/class-names.ts';
import { Button, buttonClass, Popover, TextArea } from '../ui/index.ts';
import type { MyHand } from './hand.ts';

/** Raises one's hand, with a line why; lowers it again. */
export function HandButton(props: { hand: MyHand; open: boolean; onOpen: (open: boolean) => void }) {
  const id = createUniqueId();
  const [text, setText] = createSignal('');
  const up = () => props.hand.raised() !== null;
  function raise(): void {
    props.hand.raise(text());
    setText('');
    props.onOpen(false);
  }
  return (
    <Show when={props.hand.possible()}>
      <Popover
        label={up() ? 'Your hand is raised (H)' : 'Ask a reviewer for help (H)'}
        placement="bottom-end"
        open={props.open}
        onOpenChange={props.onOpen}
        triggerClass={cx(buttonClass('quiet', 'md', true), up() && 'bg-warn-soft! text-warn-ink!')}
        trigger={<Hand size={17} aria-hidden="true" data-testid="hand" data-raised={up() ? 'yes' : 'no'} />}
      >
        <div class="w-72 max-w-[calc(100vw-2rem)]">
          <Show
            when={props.hand.raised()}
            fallback={
              <>
                <label for={id} class="mb-1.5 block text-sm font-medium">
                  What do you need? <span class="font-normal text-ink-3">optional</span>
                </label>
                <TextArea
                  id={id}
                  rows={2}
                  class="min-h-14 text-base"
                  maxLength={500}
                  placeholder="Only reviewers read this"
                  value={text()}
                  onInput={(event) => setText(event.currentTarget.value)}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
                    event.preventDefault();
                    raise();
                  }}
                />
                <Button kind="primary" size="sm" class="mt-2" onClick={raise}>
                  Raise hand
                </Button>
              </>
            }
          >
            {(hand) => (
              <>
                <p class="text-base">
                  Your hand is raised. Reviewers see it in their list; you can go on meanwhile.
                </p>
                <Show when={hand().text}>
                  <p class="mt-1.5 border-l-2 border-line-strong pl-2 text-sm break-words text-ink-2">
                    {hand().text}
                  </p>
                </Show>
                <Button
                  size="sm"
                  class="mt-2"
                  onClick={() => {
                    props.hand.lower();
                    props.onOpen(false);
                  }}
                >
                  Take it down
                </Button>
              </>
            )}
          </Show>
        </div>
      </Popover>
    </Show>
  );
}
