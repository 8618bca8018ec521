import { describe, expect, it } from 'vitest';
import { createShapes, peerOp, picture, scanOps, updateOf } from './ops.ts';

function scan(text: string, start = 0, end = Buffer.byteLength(text)): [number, number][] {
  const found: [number, number][] = [];
  scanOps(Buffer.from(text), start, end, (author, n) => found.push([author, n]));
  return found;
}

describe('ops of the load', () => {
  const shapeOf = createShapes(1);

  it('are about 191 bytes, valid, and never the same twice in a row', () => {
    const op = peerOp(123, 4567, shapeOf(4567));
    expect(op.length).toBe(191);
    expect(JSON.parse(op)).toMatchObject({ client: 'bench-000123', n: 4567, op: { id: 'region-000123' } });
    for (let n = 0; n < 2000; n++) {
      expect(shapeOf(n)).not.toBe(shapeOf(n + 1));
      const { x, y, width, height } = JSON.parse(shapeOf(n)) as Record<string, number>;
      expect(x! + width!).toBeLessThan(picture.width);
      expect(y! + height!).toBeLessThan(picture.height);
    }
    expect(createShapes(1)(5)).toBe(shapeOf(5));
    expect(createShapes(2)(5)).not.toBe(shapeOf(5));
  });

  it('are found in a frame by their bytes, in order, and nowhere outside it', () => {
    const entry = (author: string, n: number) =>
      `{"layer":"usr_a","lseq":${n},"by":"usr_a","client":"${author}","n":${n},"at":1764036000000,"op":${updateOf(7, shapeOf(n))}}`;
    const frame = `42/rooms,["room:ops",{"entries":[${entry('bench-000007', 2)},${entry('bench-000199', 10)}]}]`;
    expect(scan(frame)).toEqual([
      [7, 2],
      [199, 10],
    ]);
    expect(scan(frame + frame, frame.length)).toHaveLength(2);
    expect(scan(frame + frame, 0, frame.length)).toHaveLength(2);
    expect(scan(`[${entry('server', 0)}]`)).toEqual([]);
  });

  it('are not counted when something else is on the wire than what is looked for', () => {
    expect(() => scan('{"client":"bench-000001","at":1,"n":2}')).toThrow('an author without a number');
  });
});
