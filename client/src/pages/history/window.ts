/** Rows drawn beyond what is in sight, so that scrolling shows no gaps. */
const spare = 8;

/** Which of `length` rows of one height to draw for what is in sight: `[from, to)`. */
export function rowsInSight(
  length: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const to = Math.min(length, Math.ceil((scrollTop + height) / rowHeight) + spare);
  return { from: Math.min(from, length), to };
}

/** The scroll position that brings a row into sight, moving as little as possible. */
export function scrollFor(row: number, rowHeight: number, scrollTop: number, height: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
