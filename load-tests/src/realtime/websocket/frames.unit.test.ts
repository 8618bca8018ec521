import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, encodeFrame, encodeText, opcodes } from './frames.ts';

/** The frame a server would send for this payload: the client's, without its mask. */
function serverFrame(payload: Uint8Array, opcode: number): Buffer {
  const frame = encodeFrame(payload, opcode);
  const head = frame.length - payload.length;
  frame[1]! &= 127;
  return Buffer.concat([frame.subarray(0, head - 4), frame.subarray(head)]);
}

function read(chunks: readonly Buffer[]): { opcode: number; payload: string }[] {
  const frames: { opcode: number; payload: string }[] = [];
  const reader = createFrameReader((bytes, start, end, opcode) =>
    frames.push({ opcode, payload: bytes.toString('hex', start, end) }),
  );
  for (const chunk of chunks) reader.take(chunk);
  return frames;
}

describe('websocket frames', () => {
  it('go out masked with zeros, in the three lengths the standard has', () => {
    expect(encodeText('Hi').toString('hex')).toBe('8182000000004869');
    expect(encodeFrame(new Uint8Array(126), opcodes.binary).subarray(0, 8).toString('hex')).toBe(
      '82fe007e00000000',
    );
    expect(encodeFrame(new Uint8Array(65_536), opcodes.text).subarray(0, 14).toString('hex')).toBe(
      '81ff000000000001000000000000',
    );
  });

  it('come out whole and in order however the network cuts them', () => {
    const message = fc.record({
      opcode: fc.constantFrom(opcodes.text, opcodes.binary, opcodes.ping),
      size: fc.oneof(fc.nat(300), fc.constantFrom(125, 126, 65_535, 65_536, 70_000)),
      byte: fc.nat(255),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(200_000)), (messages, cuts) => {
        const payloads = messages.map(({ size, byte }) => Buffer.alloc(size, byte));
        const stream = Buffer.concat(payloads.map((p, i) => serverFrame(p, messages[i]!.opcode)));
        const places = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...places].map((from, i) => stream.subarray(from, places[i] ?? stream.length));
        expect(read(chunks)).toEqual(
          messages.map(({ opcode }, i) => ({ opcode, payload: payloads[i]!.toString('hex') })),
        );
      }),
    );
  });

  it('keep nothing of a buffer that is used again', () => {
    const frame = serverFrame(Buffer.from('hello'), opcodes.text);
    const seen: string[] = [];
    const reader = createFrameReader((bytes, start, end) => seen.push(bytes.toString('utf8', start, end)));
    const shared = Buffer.from(frame.subarray(0, 4));
    reader.take(shared);
    shared.fill(0);
    reader.take(frame.subarray(4));
    expect(seen).toEqual(['hello']);
  });

  it('say so when a server fragments or compresses', () => {
    const take = (first: number) => () => read([Buffer.from([first, 1, 65])]);
    expect(take(0x01)).toThrow('fragmented or compressed');
    expect(take(0xc1)).toThrow('fragmented or compressed');
  });
});
