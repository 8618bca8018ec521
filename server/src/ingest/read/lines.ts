import type { Piece } from './decode.ts';

/** More than this is no row of a file. In UTF-16 units. */
export const LONGEST = 8 * 1024 * 1024;

/** One line without its new line (a carriage return before that is kept). */
export interface Line {
  readonly number: number;
  readonly text: string;
  /** `encoding`: its bytes are not what the encoding allows. `long`: it is longer than 8 MB; the text is its beginning. */
  readonly bad: 'encoding' | 'long' | null;
}

const KEPT_OF_LONG = 200;
/** A file with CR alone at its line ends is known by this much of it without any LF. */
const LOOK = 64 * 1024;

/** A file's lines, many at once. They end with LF or CR LF; in a file that begins without any LF, with CR. */
export async function* linesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<readonly Line[]> {
  const source = pieces[Symbol.asyncIterator]();
  const { first, newLine } = await lineEndOf(source);
  let number = 0;
  let begun: string[] = [];
  let size = 0;
  let bad = false;

  function end(): Line {
    number += 1;
    const long = size > LONGEST;
    const line: Line = { number, text: begun.join(''), bad: long ? 'long' : bad ? 'encoding' : null };
    begun = [];
    size = 0;
    bad = false;
    return line;
  }
  function add(text: string, isBad: boolean): void {
    size += text.length;
    bad ||= isBad;
    if (size <= LONGEST) begun.push(text);
    else begun = [begun.join('').slice(0, KEPT_OF_LONG)];
  }

  function split({ text, bad: isBad }: Piece): Line[] {
    const parts = text.split(newLine);
    const last = parts.pop() ?? '';
    const lines = parts.map((part) => {
      add(part, isBad);
      return end();
    });
    if (last !== '') add(last, isBad);
    return lines;
  }

  try {
    for (const piece of first) yield split(piece);
    for await (const piece of { [Symbol.asyncIterator]: () => source }) yield split(piece);
    if (size > 0) yield [end()];
  } finally {
    await source.return?.();
  }
}

/** What ends the lines, and the pieces that had to be read to know it. */
async function lineEndOf(source: AsyncIterator<Piece>): Promise<{ first: Piece[]; newLine: string }> {
  const first: Piece[] = [];
  let seen = 0;
  let cr = false;
  let lf = false;
  for (let next = await source.next(); !next.done; next = await source.next()) {
    const { text } = next.value;
    first.push(next.value);
    seen += text.length;
    lf = text.includes('\n');
    cr ||= text.includes('\r');
    if (lf || seen >= LOOK) break;
  }
  return { first, newLine: cr && !lf ? '\r' : '\n' };
}
