import { createSignal } from 'solid-js';

/** Storage may be forbidden; then nothing is remembered and nothing breaks. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

/**
 * Whether the panel beside the stage is open: as the person left it on a screen of this size. At first it is open,
 * so that the guidelines are met before the first label; on small screens, where it would hide the work, closed.
 */
export function createPanelState() {
  const narrow = matchMedia('(max-width: 1023px)').matches;
  const key = narrow ? 'concord.panel.small' : 'concord.panel';
  const kept = read(key);
  const [open, setOpen] = createSignal(kept === null ? !narrow : kept === 'open');
  return {
    open,
    toggle(): void {
      setOpen(!open());
      write(key, open() ? 'open' : 'closed');
    },
  };
}

/** A part of the panel that can be folded away; how it was left is remembered. */
export function createFold(name: string, first: boolean) {
  const key = `concord.fold.${name}`;
  const kept = read(key);
  const [open, setOpen] = createSignal(kept === null ? first : kept === 'open');
  return {
    open,
    toggle(): void {
      setOpen(!open());
      write(key, open() ? 'open' : 'closed');
    },
  };
}
