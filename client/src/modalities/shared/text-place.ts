/** Offsets count the characters (UTF-16 units) of all text below `root`, in order, as `textContent` has them. */

function textNodes(root: Node): TreeWalker {
  return document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
}

/** Where a place in the document lies in the text below `root`; null when outside of it. */
function offsetOf(root: Node, node: Node, offset: number): number | null {
  if (!root.contains(node)) return null;
  let before = 0;
  const walker = textNodes(root);
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
    if (text === node) return before + offset;
    // Between elements: everything that begins before the place.
    if (!(node instanceof Text)) {
      const range = document.createRange();
      range.setStart(node, offset);
      if (range.comparePoint(text, 0) >= 0) return before;
    }
    before += (text as Text).length;
  }
  return before;
}

/** The character nearest to a point of the window; null when that is not below `root`. */
export function offsetAt(root: Node, x: number, y: number): number | null {
  // The standard's name, and the older one where that is missing.
  if ('caretPositionFromPoint' in document) {
    const place = document.caretPositionFromPoint(x, y);
    return place === null ? null : offsetOf(root, place.offsetNode, place.offset);
  }
  const range = (document as Document).caretRangeFromPoint(x, y);
  return range === null ? null : offsetOf(root, range.startContainer, range.startOffset);
}

/** Where the character at this offset begins in the window, and how high its line is. */
export function caretAt(root: Element, offset: number): { x: number; y: number; height: number } | null {
  let before = 0;
  let last: Text | null = null;
  const walker = textNodes(root);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node as Text;
    if (text.length > 0) last = text;
    if (offset < before + text.length) return caretIn(text, offset - before);
    before += text.length;
  }
  return last === null ? null : caretIn(last, last.length);
}

function caretIn(text: Text, offset: number): { x: number; y: number; height: number } {
  const range = document.createRange();
  const atEnd = offset >= text.length;
  range.setStart(text, atEnd ? Math.max(0, text.length - 1) : offset);
  range.setEnd(text, atEnd ? text.length : offset + 1);
  // A line break has no box, and text that is not laid out has none either: then its element's.
  const rect = range.getClientRects()[0] ?? text.parentElement?.getBoundingClientRect() ?? new DOMRect();
  return { x: atEnd ? rect.right : rect.left, y: rect.top, height: Math.min(rect.height, 40) };
}
