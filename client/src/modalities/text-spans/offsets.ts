/** A stretch of the text in UTF-16 code units, end exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

const wordChar = /[\p{L}\p{N}\p{M}_]/u;
/** Marks that hold a word together when letters stand on both sides: don't, state-of-the-art, U.S. */
const joiner = /['’\-.·]/;

/** The first unit of the character that `offset` stands in. */
function charStart(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  const before = text.charCodeAt(offset - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff ? offset - 1 : offset;
}
function charAt(text: string, offset: number): string {
  const point = text.codePointAt(offset);
  return point === undefined ? '' : String.fromCodePoint(point);
}
function charBefore(text: string, offset: number): string {
  return offset <= 0 ? '' : charAt(text, charStart(text, offset - 1));
}
const isWord = (char: string): boolean => char !== '' && wordChar.test(char);

/** Whether a word goes on across this offset. */
function insideWord(text: string, offset: number): boolean {
  const before = charBefore(text, offset);
  const after = charAt(text, offset);
  if (isWord(before) && isWord(after)) return true;
  if (isWord(before) && joiner.test(after) && after !== '') return isWord(charAt(text, offset + 1));
  if (isWord(after) && before !== '' && joiner.test(before)) return isWord(charBefore(text, offset - 1));
  return false;
}

/** Moves both ends off the middle of a character, outwards. */
export function wholeCharacters(text: string, { start, end }: Stretch): Stretch {
  const last = charStart(text, end);
  return { start: charStart(text, start), end: last === end ? end : last + charAt(text, last).length };
}

/** Without white space at its ends; null when nothing is left. */
export function trimmed(text: string, { start, end }: Stretch): Stretch | null {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text[from]!)) from += 1;
  while (to > from && /\s/.test(text[to - 1]!)) to -= 1;
  return from < to ? { start: from, end: to } : null;
}

/** What somebody meant who dragged roughly over it: whole words, no white space at the ends; null for nothing. */
export function snapToWords(text: string, stretch: Stretch): Stretch | null {
  const whole = trimmed(text, wholeCharacters(text, stretch));
  if (whole === null) return null;
  let { start, end } = whole;
  while (start > 0 && insideWord(text, start)) start -= charBefore(text, start).length;
  while (end < text.length && insideWord(text, end)) end += charAt(text, end).length;
  return { start, end };
}

/** The word after (1) or before (-1) an offset; null where there is none. */
export function nextWord(text: string, from: number, direction: 1 | -1): Stretch | null {
  let at = from;
  if (direction === 1) {
    while (at < text.length && !isWord(charAt(text, at))) at += charAt(text, at).length;
    if (at >= text.length) return null;
    return snapToWords(text, { start: at, end: at + charAt(text, at).length });
  }
  while (at > 0 && !isWord(charBefore(text, at))) at -= charBefore(text, at).length;
  if (at <= 0) return null;
  return snapToWords(text, { start: at - charBefore(text, at).length, end: at });
}
