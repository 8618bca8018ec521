import { describe, expect, it } from 'vitest';
import { components } from './components.ts';

const map = (rows: readonly string[]) =>
  Float32Array.from(
    rows
      .join('')
      .split('')
      .map((c) => Number(c) / 10),
  );

describe('components', () => {
  it('finds areas that touch at a corner as one, and apart ones as two', () => {
    const found = components(map(['9000', '0900', '0000', '0008']), 4, 4, 0.3);
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({ left: 0, top: 0, right: 1, bottom: 1, cells: 2 });
    expect(found[0]!.score).toBeCloseTo(0.9);
    expect(found[1]).toMatchObject({ left: 3, top: 3, right: 3, bottom: 3, cells: 1 });
  });

  it('does not join the right edge with the next row', () => {
    expect(components(map(['0009', '9000']), 4, 2, 0.3)).toHaveLength(2);
  });
});
