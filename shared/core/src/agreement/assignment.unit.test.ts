import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignMax, matchCandidates } from './assignment.ts';

/** Largest total over all ways to pair rows with columns. */
function bruteForce(weights: readonly (readonly number[])[], row = 0, used = 0): number {
  if (row === weights.length) return 0;
  let best = bruteForce(weights, row + 1, used);
  weights[row]!.forEach((weight, column) => {
    if ((used & (1 << column)) === 0)
      best = Math.max(best, weight + bruteForce(weights, row + 1, used | (1 << column)));
  });
  return best;
}

const matrix = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

describe('optimal assignment', () => {
  it('[AG21] reaches the largest total of all assignments, each row and column once', () => {
    fc.assert(
      fc.property(matrix, (weights) => {
        const columns = assignMax(weights);
        const taken = columns.filter((column) => column >= 0);
        expect(new Set(taken).size).toBe(taken.length);
        const total = columns.reduce(
          (sum, column, row) => sum + (column < 0 ? 0 : weights[row]![column]!),
          0,
        );
        expect(total).toBe(bruteForce(weights));
      }),
    );
  });

  it('[AG21] on sparse candidates gives the same total as on the whole matrix', () => {
    fc.assert(
      fc.property(matrix, (weights) => {
        const candidates = weights.flatMap((row, left) =>
          row.flatMap((weight, right) => (weight > 0 ? [{ left, right, weight }] : [])),
        );
        const chosen = matchCandidates(candidates);
        expect(chosen.reduce((sum, c) => sum + c.weight, 0)).toBe(bruteForce(weights));
        expect(new Set(chosen.map((c) => c.left)).size).toBe(chosen.length);
        expect(new Set(chosen.map((c) => c.right)).size).toBe(chosen.length);
      }),
    );
  });

  it('says nothing where there is nothing', () => {
    expect(assignMax([])).toEqual([]);
    expect(assignMax([[], []])).toEqual([-1, -1]);
    expect(matchCandidates([])).toEqual([]);
  });
});
