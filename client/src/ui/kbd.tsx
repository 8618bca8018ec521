import type { JSX } from 'solid-js';

/** A key, as printed on it. Not shown where fingers are all there is. */
export function Kbd(props: { children: JSX.Element }) {
  return (
    <kbd class="inline-grid pointer-coarse:hidden h-5 min-w-5 place-items-center rounded-sm border border-line-strong bg-surface px-1 font-sans text-2xs font-medium text-ink-2">
      {props.children}
    </kbd>
  );
}
