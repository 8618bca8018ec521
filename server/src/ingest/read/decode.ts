import type { Encoding } from '@concord/core/records/import';

/** Some text of a file. `bad`: its bytes are not what the encoding allows; the text then shows � in their place. */
export interface Piece {
  readonly text: string;
  readonly bad: boolean;
}

type CharacterSet = Encoding | 'utf-16le' | 'utf-16be';

interface Charset {
  readonly name: CharacterSet;
  /** Bytes of the smallest unit; a new line is one unit. */
  readonly unit: 1 | 2;
  readonly littleEndian: boolean;
  /** Throws for bytes that the encoding does not allow. */
  strict(bytes: Uint8Array): string;
  lenient(bytes: Uint8Array): string;
}

const LF = 0x0a;

/** What Windows-1252 has from 0x80 to 0x9f; all else is as in Latin-1. TextDecoder takes the two for one on some versions of Node. */
const windows = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function fromWindows(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.replace(/[\u0080-\u009f]/g, (sign) => windows[sign.charCodeAt(0) - 0x80]!);
}

function charset(name: CharacterSet): Charset {
  if (name === 'windows-1252')
    return { name, unit: 1, littleEndian: true, strict: fromWindows, lenient: fromWindows };
  const label = name === 'utf-16' ? 'utf-16le' : name;
  const strict = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder(label, { ignoreBOM: true });
  return {
    name,
    unit: label.startsWith('utf-16') ? 2 : 1,
    littleEndian: label !== 'utf-16be',
    strict: (bytes) => strict.decode(bytes),
    lenient: (bytes) => lenient.decode(bytes),
  };
}

const marks: readonly { readonly bytes: readonly number[]; readonly means: CharacterSet }[] = [
  { bytes: [0xef, 0xbb, 0xbf], means: 'utf-8' },
  { bytes: [0xff, 0xfe], means: 'utf-16le' },
  { bytes: [0xfe, 0xff], means: 'utf-16be' },
];

/** What a byte order mark at the beginning says, and how long it is. */
function markOf(head: Uint8Array): { readonly means: CharacterSet; readonly length: number } | null {
  const mark = marks.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  return mark ? { means: mark.means, length: mark.bytes.length } : null;
}

/** What the bytes mean: as a mark says, or as somebody said; then UTF-16 has the byte order in which the zeros of plain letters stand. */
function meaning(head: Uint8Array, encoding: Encoding): CharacterSet {
  const mark = markOf(head);
  if (mark !== null) return mark.means;
  return encoding === 'utf-16' && head[0] === 0 && head[1] !== 0 ? 'utf-16be' : encoding;
}

/** The beginning of a file as text, for looking at it. */
export function headText(head: Uint8Array, encoding: Encoding): string {
  return charset(meaning(head, encoding)).lenient(head.subarray(markOf(head)?.length ?? 0));
}

/** Whether a beginning that should be bytes of text holds zeros: UTF-16 without a mark, or no text at all. */
export function holdsZeros(head: Uint8Array, encoding: Encoding): boolean {
  return !meaning(head, encoding).startsWith('utf-16') && head.includes(0);
}

/**
 * A file's text, piece by piece, without its byte order mark; a piece never ends inside a character. Where bytes are
 * not what the encoding allows, the lines they stand in come as pieces of their own, marked `bad`.
 */
export async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Piece> {
  let set: Charset | null = null;
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of bytes) {
    let all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (set === null) {
      if (all.length < 3) {
        rest = all;
        continue;
      }
      set = charset(meaning(all, encoding));
      all = all.subarray(markOf(all)?.length ?? 0);
    }
    const whole = wholeCharacters(all, set);
    yield* pieces(all.subarray(0, whole), set);
    rest = all.subarray(whole);
  }
  if (rest.length === 0) return;
  if (set !== null) yield* pieces(rest, set);
  else yield* pieces(rest.subarray(markOf(rest)?.length ?? 0), charset(meaning(rest, encoding)));
}

function* pieces(bytes: Uint8Array, set: Charset): Generator<Piece> {
  if (bytes.length === 0) return;
  const text = strictly(bytes, set);
  if (text !== null) {
    yield { text, bad: false };
    return;
  }
  for (let from = 0; from < bytes.length; ) {
    const to = lineEnd(bytes, from, set);
    const line = bytes.subarray(from, to);
    const read = strictly(line, set);
    yield read === null ? { text: set.lenient(line), bad: true } : { text: read, bad: false };
    from = to;
  }
}

function strictly(bytes: Uint8Array, set: Charset): string | null {
  try {
    return set.strict(bytes);
  } catch {
    return null;
  }
}

/** Where the line that `from` stands in ends, its new line included. */
function lineEnd(bytes: Uint8Array, from: number, set: Charset): number {
  if (set.unit === 1) {
    const at = bytes.indexOf(LF, from);
    return at < 0 ? bytes.length : at + 1;
  }
  for (let at = from; at + 1 < bytes.length; at += 2) if (unitAt(bytes, at, set) === LF) return at + 2;
  return bytes.length;
}

const unitAt = (bytes: Uint8Array, at: number, set: Charset): number =>
  set.littleEndian ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!;

/** How many bytes from the beginning are whole characters. */
function wholeCharacters(bytes: Uint8Array, set: Charset): number {
  const { length } = bytes;
  if (set.unit === 2) {
    const even = length - (length % 2);
    const first = even >= 2 ? unitAt(bytes, even - 2, set) : 0;
    return first >= 0xd800 && first < 0xdc00 ? even - 2 : even;
  }
  if (set.name !== 'utf-8') return length;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? length - back : length;
  }
  return length;
}
