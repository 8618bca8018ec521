import type { KeyValue } from './schema.ts';

/** The smallest value above this one, as MongoDB orders them: bytes of text, size of numbers. */
export function nextKey(value: KeyValue): KeyValue {
  if (typeof value === 'string') return `${value}\u0000`;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value === 0 ? 0 : value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value < 0 ? -1n : 1n));
  return bits.getFloat64(0);
}
