import { describe, expect, it } from 'vitest';
import { encodeMapUpdate, KEYS, varUint } from './yjs-update.ts';

/** What yjs 13.6.33 itself wrote for client 300 that set keys of the map "m" in transactions of 1, 3, 64 and 5 values. */
const written: Readonly<Record<string, string>> = {
  '0+1': '0101ac02002801016d036b2d30017702763000',
  '1+3': '0103ac02012801016d036b2d3101770276312801016d036b2d3201770276322801016d036b2d33017702763300',
  '68+5':
    '0105ac0244a8ac0204017703763638a8ac0205017703763639a8ac0206017703763730a8ac0207017703763731a8ac020801770376373201ac02010405',
};
const valuesFrom = (clock: number, count: number) => Array.from({ length: count }, (_, i) => `v${clock + i}`);

describe('Yjs updates written by hand', () => {
  it('are what Yjs writes, byte for byte', () => {
    for (const [key, hex] of Object.entries(written)) {
      const [clock, count] = key.split('+').map(Number) as [number, number];
      expect(encodeMapUpdate(300, clock, 'm', 'k', valuesFrom(clock, count)).toString('hex')).toBe(hex);
    }
  });

  it('delete only what they replace', () => {
    const update = encodeMapUpdate(300, 4, 'm', 'k', valuesFrom(4, KEYS));
    expect(update.subarray(-6).toString('hex')).toBe('01ac02010004');
    expect(update).toHaveLength(939);
  });

  it('refuse more values than keys, which would not all be passed on', () => {
    expect(() => encodeMapUpdate(300, 0, 'm', 'k', valuesFrom(0, KEYS + 1))).toThrow('64 values at most');
  });

  it('hold numbers of any size', () => {
    expect([0, 127, 128, 300, 2 ** 32].map(varUint)).toEqual([
      [0],
      [127],
      [128, 1],
      [172, 2],
      [128, 128, 128, 128, 16],
    ]);
  });
});
