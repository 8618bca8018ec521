import { onCleanup, onMount } from 'solid-js';

/** Whether typing goes into a field now, so that letters and digits are text and no commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)
  );
}

/**
 * The key as a command: what is printed on it, lower case, with `ctrl+`, `alt+` and `shift+` before it.
 * Digits and letters of other alphabets go by their place on the keyboard, so that Cyrillic and Greek layouts work;
 * Command counts as Ctrl. Shift is only named with letters and named keys: `?` is `?`.
 */
export function keyName(event: KeyboardEvent): string {
  const key = event.key;
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  const latin = /^[\u0020-\u007e]$/.test(key);
  let name = key === ' ' ? 'space' : key.toLowerCase();
  if (digit !== undefined && !(latin && /[^0-9]/.test(key) && event.shiftKey)) name = digit;
  else if (letter !== undefined && !latin) name = letter;
  const ctrl = event.ctrlKey || event.metaKey ? 'ctrl+' : '';
  const alt = event.altKey ? 'alt+' : '';
  const shift = event.shiftKey && (name.length > 1 || /[a-z]/.test(name)) ? 'shift+' : '';
  return `${ctrl}${alt}${shift}${name}`;
}

/**
 * Listens for commands while the caller lives. `handle` returns true when it took the key, which then does nothing else.
 * Keys typed into a field, during a composition, or already taken are left alone; `always` names those that work in fields too.
 * Who listens `first` is asked before everybody else.
 */
export function useKeys(
  handle: (key: string, event: KeyboardEvent) => boolean,
  always: readonly string[] = [],
  order: 'first' | 'usual' = 'usual',
): void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const key = keyName(event);
    if (isTyping(event.target) && !always.includes(key)) return;
    // A dialog or menu has the keyboard to itself.
    if (
      event.target instanceof Element &&
      event.target.closest('[role="dialog"], [role="menu"], [role="listbox"]')
    )
      return;
    if (handle(key, event)) event.preventDefault();
  };
  onMount(() => {
    const capture = order === 'first';
    document.addEventListener('keydown', listen, { capture });
    onCleanup(() => document.removeEventListener('keydown', listen, { capture }));
  });
}

/** Enter and space belong to a control that has the focus. */
export function focusTakesEnter(event: KeyboardEvent): boolean {
  return (
    event.target instanceof Element &&
    event.target.closest('button, a[href], summary, [role="button"], [role="slider"]') !== null
  );
}
