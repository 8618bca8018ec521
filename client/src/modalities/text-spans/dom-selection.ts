import type { Stretch } from './offsets.ts';

/** Each run's element carries the offset of its first character in `data-o` and holds one text node. */
function offsetOf(node: Node, offset: number, root: Element): number | null {
  if (!root.contains(node)) return null;
  if (node instanceof Text) {
    const start = node.parentElement?.dataset['o'];
    return start === undefined ? null : Number(start) + offset;
  }
  // Between elements: the place is where the next run begins, or where the last one ends.
  const after = node.childNodes[offset];
  const following = after === undefined ? null : runIn(after, 'first');
  if (following !== null) return Number(following.dataset['o']);
  const last = runIn(node, 'last');
  return last === null ? null : Number(last.dataset['o']) + (last.textContent?.length ?? 0);
}

function runIn(node: Node, which: 'first' | 'last'): HTMLElement | null {
  if (!(node instanceof HTMLElement)) return null;
  if (node.dataset['o'] !== undefined) return node;
  const all = node.querySelectorAll<HTMLElement>('[data-o]');
  return all[which === 'first' ? 0 : all.length - 1] ?? null;
}

/** What is selected inside `root`, in the text's own offsets; null when nothing is. */
export function selectedStretch(root: Element): Stretch | null {
  const selection = window.getSelection();
  if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = offsetOf(range.startContainer, range.startOffset, root);
  const end = offsetOf(range.endContainer, range.endOffset, root);
  return start === null || end === null || start >= end ? null : { start, end };
}

function placeOf(root: Element, offset: number, side: 'start' | 'end'): [Node, number] | null {
  let best: HTMLElement | null = null;
  for (const run of root.querySelectorAll<HTMLElement>('[data-o]')) {
    const from = Number(run.dataset['o']);
    if (side === 'start' ? from > offset : from >= offset) break;
    best = run;
  }
  const text = best?.firstChild;
  if (best === null || !(text instanceof Text)) return null;
  return [text, Math.min(text.length, offset - Number(best.dataset['o']))];
}

/** Selects a stretch in the page, so that what the keyboard chose looks like what the mouse chooses. */
export function selectStretch(root: Element, { start, end }: Stretch): void {
  const from = placeOf(root, start, 'start');
  const to = placeOf(root, end, 'end');
  if (from === null || to === null) return;
  window.getSelection()?.setBaseAndExtent(from[0], from[1], to[0], to[1]);
  to[0].parentElement?.scrollIntoView({ block: 'nearest' });
}
