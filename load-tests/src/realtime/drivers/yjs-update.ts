/**
 * Yjs updates (format 1) for the one thing the load does: an author sets keys of its own in a map again and again. By hand, so that
 * the generator needs no document of its own; a server that found one incomplete would not pass it on.
 */

/** Variable-length unsigned integers of lib0: seven bits a byte, the lowest first. */
export function varUint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push(0x80 | (rest & 127));
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

export const varBytes = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(varUint(bytes.length)), bytes]);
export const varText = (text: string): Buffer => varBytes(Buffer.from(text, 'utf8'));

const CONTENT_ANY = 8;
const HAS_ORIGIN = 0x80;
const HAS_KEY = 0x20;
const ANY_STRING = 119;

/**
 * Keys of the map that an author sets in turn. A value that is overwritten in the same transaction is not passed on to anybody,
 * so an update may hold this many values at most.
 */
export const KEYS = 64;

/** An author's `clock`-th value and those after it, each under the next of its keys, in place of what stood there. */
export function encodeMapUpdate(
  client: number,
  clock: number,
  map: string,
  key: string,
  values: readonly string[],
): Buffer {
  if (values.length > KEYS) throw new Error(`an update holds ${KEYS} values at most`);
  const parts: Uint8Array[] = [
    Buffer.from([...varUint(1), ...varUint(values.length), ...varUint(client), ...varUint(clock)]),
  ];
  values.forEach((value, i) => {
    const before = clock + i - KEYS;
    if (before < 0)
      parts.push(Buffer.from([CONTENT_ANY | HAS_KEY, 1]), varText(map), varText(`${key}-${clock + i}`));
    else
      parts.push(Buffer.from([CONTENT_ANY | HAS_KEY | HAS_ORIGIN, ...varUint(client), ...varUint(before)]));
    parts.push(Buffer.from([1, ANY_STRING]), varText(value));
  });
  const firstGone = Math.max(0, clock - KEYS);
  const gone = Math.max(0, clock + values.length - KEYS - firstGone);
  parts.push(
    Buffer.from(gone === 0 ? [0] : [1, ...varUint(client), 1, ...varUint(firstGone), ...varUint(gone)]),
  );
  return Buffer.concat(parts);
}
