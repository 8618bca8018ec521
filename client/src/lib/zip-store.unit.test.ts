import { describe, expect, it } from 'vitest';
import { crc32, uniqueNames, zipStore } from './zip-store.ts';

const text = (s: string) => new TextEncoder().encode(s);

describe('zipStore', () => {
  it('has the check value of CRC-32', () => {
    expect(crc32(text('123456789'))).toBe(0xcbf43926);
    expect(crc32(text(''))).toBe(0);
  });

  it('writes an archive whose directory leads to every file', async () => {
    const files = [
      { name: 'a.txt', bytes: new Blob(['one']) },
      { name: 'bücher/ß.txt', bytes: new Blob(['zwei zwei']) },
    ];
    const bytes = new Uint8Array(await (await zipStore(files)).arrayBuffer());
    const view = new DataView(bytes.buffer);
    const end = bytes.length - 22;
    expect(view.getUint32(end, true)).toBe(0x06054b50);
    expect(view.getUint16(end + 10, true)).toBe(2);
    let entry = view.getUint32(end + 16, true);
    expect(entry + view.getUint32(end + 12, true)).toBe(end);
    for (const file of files) {
      expect(view.getUint32(entry, true)).toBe(0x02014b50);
      const nameLength = view.getUint16(entry + 28, true);
      expect(new TextDecoder().decode(bytes.subarray(entry + 46, entry + 46 + nameLength))).toBe(file.name);
      const local = view.getUint32(entry + 42, true);
      expect(view.getUint32(local, true)).toBe(0x04034b50);
      const size = view.getUint32(local + 22, true);
      const start = local + 30 + view.getUint16(local + 26, true);
      const content = bytes.subarray(start, start + size);
      expect(new TextDecoder().decode(content)).toBe(await file.bytes.text());
      expect(view.getUint32(local + 14, true)).toBe(crc32(content));
      entry += 46 + nameLength;
    }
    expect(entry).toBe(end);
  });
});

it('makes names unique', () => {
  expect(uniqueNames(['a.jpg', 'b', 'a.jpg', 'b', 'a.jpg'])).toEqual([
    'a.jpg',
    'b',
    'a-2.jpg',
    'b-2',
    'a-3.jpg',
  ]);
});
