import CircleAlert from 'lucide-solid/icons/circle-alert';
import CircleCheck from 'lucide-solid/icons/circle-check';
import Info from 'lucide-solid/icons/info';
import X from 'lucide-solid/icons/x';
import { createSignal, For, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import { messageOf } from '../api/index.ts';
import { cx } from '../lib/class-names.ts';
import { IconButton } from './button.tsx';

export type ToastKind = 'ok' | 'info' | 'error';
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}
interface Shown {
  readonly id: number;
  readonly kind: ToastKind;
  readonly text: string;
  readonly action: ToastAction | undefined;
}

/** Errors stay until they are dismissed; the rest goes after this long. */
const shownForMs = 4500;
const [shown, setShown] = createSignal<readonly Shown[]>([]);
let lastId = 0;

export function dismissToast(id: number): void {
  setShown((all) => all.filter((t) => t.id !== id));
}

/** Says something that happened, without taking the focus. */
export function showToast(kind: ToastKind, text: string, action?: ToastAction): number {
  lastId += 1;
  const id = lastId;
  setShown((all) => [...all.filter((t) => t.text !== text).slice(-3), { id, kind, text, action }]);
  if (kind !== 'error') setTimeout(() => dismissToast(id), shownForMs);
  return id;
}

/** Shows what went wrong, in the server's words. */
export function showError(error: unknown): void {
  showToast('error', messageOf(error));
}

const icons = { ok: CircleCheck, info: Info, error: CircleAlert };
const colours = { ok: 'text-accent', info: 'text-ink-3', error: 'text-danger-ink' };

/** Where toasts appear; once per page. */
export function ToastRegion() {
  return (
    <Portal>
      <div
        role="status"
        aria-live="polite"
        class="pointer-events-none fixed inset-x-3 bottom-18 z-[60] flex flex-col items-center gap-2"
      >
        <For each={shown()}>
          {(toast) => {
            const Icon = icons[toast.kind];
            return (
              <div class="pointer-events-auto flex w-full max-w-sm animate-pop items-start gap-2.5 rounded-lg border border-line bg-raised py-2.5 pr-2 pl-3.5 shadow-pop">
                <Icon size={18} class={cx('mt-px shrink-0', colours[toast.kind])} aria-hidden="true" />
                <p class="min-w-0 flex-1 text-base break-words">{toast.text}</p>
                <Show when={toast.action}>
                  {(action) => (
                    <button
                      type="button"
                      class="shrink-0 rounded-sm px-1 text-base font-medium text-accent-ink hover:underline"
                      onClick={() => {
                        action().run();
                        dismissToast(toast.id);
                      }}
                    >
                      {action().label}
                    </button>
                  )}
                </Show>
                <IconButton label="Dismiss" size="sm" class="-my-1" onClick={() => dismissToast(toast.id)}>
                  <X size={14} aria-hidden="true" />
                </IconButton>
              </div>
            );
          }}
        </For>
      </div>
    </Portal>
  );
}
