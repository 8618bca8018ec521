import { Dialog as Behaviour } from '@kobalte/core/dialog';
import X from 'lucide-solid/icons/x';
import { type JSX, Show } from 'solid-js';
import { cx } from '../lib/class-names.ts';
import { buttonClass } from './button.tsx';

/** A modal dialog. Focus goes in and comes back; Escape and a press outside close it. */
export function Dialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: JSX.Element;
  /** Buttons, at the end of the dialog. */
  footer?: JSX.Element;
  wide?: boolean;
  children?: JSX.Element;
}) {
  return (
    <Behaviour open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Behaviour.Portal>
        <Behaviour.Overlay class="fixed inset-0 z-40 animate-fade bg-scrim" />
        <div class="fixed inset-0 z-50 grid items-end justify-items-center overflow-y-auto p-3 sm:items-center sm:p-6">
          <Behaviour.Content
            class={cx(
              'w-full animate-pop rounded-xl border border-line bg-raised shadow-pop outline-none',
              props.wide ? 'max-w-3xl' : 'max-w-md',
            )}
          >
            <header class="flex items-start gap-3 px-5 pt-4.5">
              <div class="min-w-0 flex-1">
                <Behaviour.Title class="text-lg font-semibold">{props.title}</Behaviour.Title>
                <Show when={props.description}>
                  <Behaviour.Description class="mt-1 text-base text-ink-2">
                    {props.description}
                  </Behaviour.Description>
                </Show>
              </div>
              <Behaviour.CloseButton
                class={cx(buttonClass('quiet', 'sm', true), '-mr-1.5')}
                aria-label="Close"
              >
                <X size={16} aria-hidden="true" />
              </Behaviour.CloseButton>
            </header>
            <div class="px-5 pt-4 pb-5">{props.children}</div>
            <Show when={props.footer}>
              <footer class="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5">
                {props.footer}
              </footer>
            </Show>
          </Behaviour.Content>
        </div>
      </Behaviour.Portal>
    </Behaviour>
  );
}
