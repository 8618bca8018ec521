import type { Piece } from './decode.ts';
import { LONGEST } from './lines.ts';

/** The text of one value of a JSON list, or of several values one after the other. */
export interface ValueText {
  /** Counts from 1. */
  readonly row: number;
  /** Where it begins in the file. */
  readonly line: number;
  readonly text: string;
  /**
   * `cut`: the file ends in it. `after`: it stands behind the list's end. `long`: more than 8 MB; the text is its beginning.
   * `encoding`: its bytes are not what they should be.
   */
  readonly bad: 'cut' | 'after' | 'long' | 'encoding' | null;
}

/** What the file is as a whole: a list, or values one after the other. `other` begins with neither `[` nor `{`. */
export type Shape = 'list' | 'values' | 'other';

const KEPT_OF_LONG = 200;
const inText = /["\\]/g;
const outside = /["[\]{},]/g;

/**
 * Cuts a JSON file into the values that are its rows, without reading what is in them: so one that is broken does not
 * spoil the next. `shape` is called once, before the first value.
 */
export async function* valuesOf(
  pieces: AsyncIterable<Piece>,
  shape: (shape: Shape) => void,
): AsyncGenerator<ValueText> {
  let known: Shape | null = null;
  /** Depth at which rows stand. */
  let base = 0;
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let ended = false;
  let row = 0;
  let line = 1;
  let begun: string[] = [];
  let size = 0;
  let from = 1;
  let bad = false;

  function add(text: string, isBad: boolean): void {
    let taken = text;
    if (size === 0) {
      taken = text.trimStart();
      line += newLines(text, text.length - taken.length);
      if (taken === '') return;
      from = line;
    }
    line += newLines(taken, taken.length);
    size += taken.length;
    bad ||= isBad;
    if (size <= LONGEST) begun.push(taken);
    else begun = [begun.join('').slice(0, KEPT_OF_LONG)];
  }
  function end(cut: 'cut' | 'after' | null): ValueText | null {
    if (size === 0) return null;
    row += 1;
    const text = begun.join('').trimEnd();
    const why = size > LONGEST ? 'long' : (cut ?? (bad ? 'encoding' : null));
    begun = [];
    size = 0;
    bad = false;
    return { row, line: from, text, bad: why };
  }

  for await (const { text, bad: isBad } of pieces) {
    let at = 0;
    if (known === null) {
      const first = text.search(/\S/);
      if (first < 0) {
        line += newLines(text, text.length);
        continue;
      }
      known = text[first] === '[' ? 'list' : text[first] === '{' ? 'values' : 'other';
      shape(known);
      if (known === 'other') return;
      if (known === 'list') {
        line += newLines(text, first);
        base = depth = 1;
        at = first + 1;
      }
    }
    /** Up to where this piece's text is taken. */
    let taken = at;
    const take = (to: number) => {
      if (to > taken) add(text.slice(taken, to), isBad);
      taken = to;
    };
    while (at < text.length && !ended) {
      if (escaped) {
        escaped = false;
        at += 1;
        continue;
      }
      const search = quoted ? inText : outside;
      search.lastIndex = at;
      const found = search.exec(text);
      if (found === null) break;
      const here = found.index;
      at = here + 1;
      const sign = found[0];
      if (quoted) {
        if (sign === '\\') escaped = true;
        else quoted = false;
      } else if (sign === '"') quoted = true;
      else if (sign === ',') {
        if (depth !== base) continue;
        take(here);
        const value = end(null);
        if (value !== null) yield value;
        taken = at;
      } else if (sign === '[' || sign === '{') depth += 1;
      else {
        depth -= 1;
        if (depth > base) continue;
        if (depth < base) {
          // The list's end; in values one after the other, one closing sign too many, which belongs to the next.
          take(base === 1 ? here : at);
          ended = base === 1;
          depth = base;
        } else {
          take(at);
          if (base === 1) continue;
        }
        const value = end(null);
        if (value !== null) yield value;
        taken = at;
      }
    }
    take(text.length);
    if (ended && size > 0) break;
  }
  const value = end(ended ? 'after' : 'cut');
  if (value !== null) yield value;
  else if (known === 'list' && !ended) yield { row: row + 1, line, text: '', bad: 'cut' };
  if (known === null) shape('other');
}

function newLines(text: string, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
