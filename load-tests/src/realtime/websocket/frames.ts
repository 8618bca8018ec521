/** The part of RFC 6455 that a client needs: whole, uncompressed frames. */
export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/**
 * A client's frame. Its mask key is four zeros: the standard asks for a mask, and under this one the payload goes out as it
 * is, so that the generator does not pay for it (the server unmasks all the same).
 */
export function encodeFrame(payload: Uint8Array, opcode: number): Buffer {
  const size = payload.length;
  const head = size < 126 ? 6 : size < 65_536 ? 8 : 14;
  const frame = Buffer.allocUnsafe(head + size);
  frame[0] = 0x80 | opcode;
  if (size < 126) frame[1] = 0x80 | size;
  else if (size < 65_536) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(size, 6);
  }
  frame.fill(0, head - 4, head);
  frame.set(payload, head);
  return frame;
}

export const encodeText = (text: string): Buffer => encodeFrame(Buffer.from(text, 'utf8'), opcodes.text);

/** A frame's payload lies in `bytes` from `start` to `end`, and only until the call returns. */
export type OnFrame = (bytes: Buffer, start: number, end: number, opcode: number) => void;

export interface FrameReader {
  /** Takes what came from the network; calls `onFrame` for every frame that is whole. Keeps no reference to `bytes`. */
  take(bytes: Buffer): void;
}

export function createFrameReader(onFrame: OnFrame): FrameReader {
  let rest: Buffer | null = null;
  return {
    take(bytes) {
      const all = rest === null ? bytes : Buffer.concat([rest, bytes]);
      rest = null;
      let at = 0;
      while (at < all.length) {
        const found = readHead(all, at);
        if (found === null) break;
        const end = found.start + found.size;
        if (end > all.length) break;
        onFrame(all, found.start, end, all[at]! & 15);
        at = end;
      }
      if (at < all.length) rest = Buffer.from(all.subarray(at));
    },
  };
}

function readHead(all: Buffer, at: number): { readonly start: number; readonly size: number } | null {
  const left = all.length - at;
  if (left < 2) return null;
  if ((all[at]! & 0x80) === 0 || (all[at]! & 0x70) !== 0)
    throw new Error('a server sent a fragmented or compressed frame; none of those measured is set up to');
  const short = all[at + 1]! & 127;
  if (short < 126) return { start: at + 2, size: short };
  if (short === 126) return left < 4 ? null : { start: at + 4, size: all.readUInt16BE(at + 2) };
  return left < 10 ? null : { start: at + 10, size: Number(all.readBigUInt64BE(at + 2)) };
}
