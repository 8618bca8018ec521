import SkipForward from 'lucide-solid/icons/skip-forward';
import { createSignal, createUniqueId } from 'solid-js';
import { Button, buttonClass, Popover, TextArea } from '../../ui/index.ts';

/** Gives the task to somebody else, with a line why. */
export function SkipButton(props: { onSkip: (reason: string) => void }) {
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  const [reason, setReason] = createSignal('');
  function skip(): void {
    setOpen(false);
    props.onSkip(reason());
  }
  return (
    <Popover
      label="Skip: give the task to somebody else (Ctrl+Space)"
      placement="bottom-end"
      open={open()}
      onOpenChange={setOpen}
      triggerClass={buttonClass('quiet', 'md')}
      trigger={
        <>
          <SkipForward size={16} aria-hidden="true" />
          Skip
        </>
      }
    >
      <div class="w-72 max-w-[calc(100vw-2rem)]">
        <label for={id} class="mb-1.5 block text-sm font-medium">
          Why skip it? <span class="font-normal text-ink-3">optional</span>
        </label>
        <TextArea
          id={id}
          rows={2}
          class="min-h-14 text-base"
          maxLength={500}
          placeholder="Goes into the record"
          value={reason()}
          onInput={(event) => setReason(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            skip();
          }}
        />
        <Button kind="primary" size="sm" class="mt-2" onClick={skip}>
          Skip task
        </Button>
      </div>
    </Popover>
  );
}
