import { describe, expect, it } from 'vitest';
import { encodeMsgpack, readUint } from './msgpack.ts';

const hex = (value: unknown) => encodeMsgpack(value).toString('hex');

describe('MessagePack of the load', () => {
  it('is that of the specification', () => {
    expect(hex({ n: 5, a: ['x', 1.5] })).toBe('82a16e05a16192a178cb3ff8000000000000');
    expect(hex(200)).toBe('ce000000c8');
    expect(hex('a'.repeat(31)).slice(0, 2)).toBe('bf');
    expect(hex('a'.repeat(32)).slice(0, 4)).toBe('d920');
    expect(hex('a'.repeat(300)).slice(0, 6)).toBe('da012c');
    expect(hex(new Array(16).fill(0)).slice(0, 6)).toBe('dc0010');
    expect(hex(Object.fromEntries(Array.from({ length: 16 }, (_, i) => [i, 0]))).slice(0, 6)).toBe('de0010');
  });

  it('reads numbers in every length a server may choose', () => {
    for (const [bytes, value] of [
      ['7f', 127],
      ['cc80', 128],
      ['cd0100', 256],
      ['ce00010000', 65_536],
    ] as const)
      expect(readUint(Buffer.from(bytes, 'hex'), 0)).toBe(value);
    expect(() => readUint(Buffer.from('a161', 'hex'), 0)).toThrow('no unsigned integer: 0xa1');
  });

  it('refuses what the load does not send', () => {
    expect(() => encodeMsgpack({ at: null })).toThrow('the load sends no object');
    expect(() => encodeMsgpack('a'.repeat(65_536))).toThrow('nothing this long');
  });
});
