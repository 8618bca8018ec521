import { seededRandom } from '@concord/core/testing/fixtures';

/** Pixels of the picture that the boxes lie on. */
export const picture = { width: 1000, height: 800 };

/** Numbers 1 to this are used up by entering (Concord: the author's box is made); ops of a load come after. */
export const LAST_BEFORE_LOAD = 1;

/** An author's name in every op of every server: of fixed length, so that receivers find it by its bytes. */
export const authorName = (author: number): string => `bench-${String(author).padStart(6, '0')}`;
export const regionName = (author: number): string => `region-${String(author).padStart(6, '0')}`;

const SHAPES = 997;

/** Where a box is after an author's n-th op, as JSON; never twice the same in a row. */
export function createShapes(seed: number): (n: number) => string {
  const random = seededRandom(seed);
  const part = (below: number) => (10 + random() * below).toFixed(7);
  const shapes = Array.from(
    { length: SHAPES },
    () => `{"x":${part(780)},"y":${part(580)},"width":${part(180)},"height":${part(180)}}`,
  );
  return (n) => shapes[n % SHAPES]!;
}

/** What an author asks for: the box moves. */
export const updateOf = (author: number, shape: string): string =>
  `{"t":"update","id":"${regionName(author)}","set":{"shape":${shape}}}`;

/** An op as the servers beside Concord get it: who, which, where, what; about 191 B. */
export const peerOp = (author: number, n: number, shape: string): string =>
  `{"client":"${authorName(author)}","n":${n},"layer":"usr_${authorName(author)}","op":${updateOf(author, shape)}}`;

const marker = Buffer.from('"client":"bench-');
const between = Buffer.from('","n":');
const ZERO = 48;

/**
 * Calls `visit` for every op in a frame of JSON (or of bytes that hold it), found by its bytes alone: `"client":"bench-…","n":…`.
 * Throws when a name is not followed by its number, since then something else is on the wire than what is counted.
 */
export function scanOps(
  bytes: Buffer,
  start: number,
  end: number,
  visit: (author: number, n: number) => void,
): void {
  let at = bytes.indexOf(marker, start);
  while (at >= 0 && at < end) {
    at += marker.length;
    const author = readDigits(bytes, at, at + 6);
    at += 6;
    if (bytes.compare(between, 0, between.length, at, at + between.length) !== 0)
      throw new Error(
        `an author without a number: ${bytes.toString('utf8', at - 30, Math.min(end, at + 30))}`,
      );
    at += between.length;
    visit(author, readDigits(bytes, at, end));
    at = bytes.indexOf(marker, at);
  }
}

/** The decimal number from `at` on, up to `end` or what is no digit. */
export function readDigits(bytes: Buffer, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}
