/** MessagePack for what the load sends: objects of text, numbers, arrays and objects, all short. */
export function encodeMsgpack(value: unknown): Buffer {
  const parts: Buffer[] = [];
  put(value, parts);
  return Buffer.concat(parts);
}

function put(value: unknown, parts: Buffer[]): void {
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    parts.push(head(text.length, [0xa0, 32], [0xd9, 1], [0xda, 2]), text);
  } else if (typeof value === 'number') parts.push(number(value));
  else if (Array.isArray(value)) {
    parts.push(head(value.length, [0x90, 16], null, [0xdc, 2]));
    for (const item of value) put(item, parts);
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    parts.push(head(entries.length, [0x80, 16], null, [0xde, 2]));
    for (const [key, item] of entries) {
      put(key, parts);
      put(item, parts);
    }
  } else throw new Error(`the load sends no ${typeof value}`);
}

/** A length in the shortest form there is: in the type's byte, in one more, or in two more. */
function head(
  length: number,
  [fixed, below]: readonly [number, number],
  one: readonly [number, number] | null,
  [two]: readonly [number, number],
): Buffer {
  if (length < below) return Buffer.from([fixed | length]);
  if (one !== null && length < 256) return Buffer.from([one[0], length]);
  if (length > 65_535) throw new Error('the load sends nothing this long');
  return Buffer.from([two, length >> 8, length & 255]);
}

function number(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) {
    if (value < 128) return Buffer.from([value]);
    const bytes = Buffer.alloc(5, 0xce);
    bytes.writeUInt32BE(value, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(9, 0xcb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

/** The unsigned integer at `at`, in any of its lengths. */
export function readUint(bytes: Buffer, at: number): number {
  const type = bytes[at]!;
  if (type < 128) return type;
  if (type === 0xcc) return bytes[at + 1]!;
  if (type === 0xcd) return bytes.readUInt16BE(at + 1);
  if (type === 0xce) return bytes.readUInt32BE(at + 1);
  throw new Error(`no unsigned integer: 0x${type.toString(16)}`);
}
