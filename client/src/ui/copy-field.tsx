import Check from 'lucide-solid/icons/check';
import Copy from 'lucide-solid/icons/copy';
import { createSignal, Show } from 'solid-js';
import { Button } from './button.tsx';
import { Input } from './field.tsx';

/** A text to take away, with a button that copies it. Stays selectable where the clipboard is closed to us. */
export function CopyField(props: { value: string; label: string }) {
  const [copied, setCopied] = createSignal(false);
  let input: HTMLInputElement | undefined;
  async function copy(): Promise<void> {
    input?.select();
    try {
      await navigator.clipboard.writeText(props.value);
      setCopied(true);
      setTimeout(() => setCopied(false), 1800);
    } catch {
      // Without a secure origin there is no clipboard; the text is selected, so Ctrl+C does it.
    }
  }
  return (
    <div class="flex gap-2">
      <Input
        ref={(element) => {
          input = element;
        }}
        readonly
        aria-label={props.label}
        value={props.value}
        class="font-mono text-sm"
        onFocus={(e) => e.currentTarget.select()}
      />
      <Button onClick={() => void copy()} class="w-24">
        <Show when={copied()} fallback={<Copy size={15} aria-hidden="true" />}>
          <Check size={15} class="text-accent" aria-hidden="true" />
        </Show>
        {copied() ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}
