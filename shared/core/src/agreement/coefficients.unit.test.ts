import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAgreementStream } from './agreement-stream.ts';
import { krippendorffAlpha } from './alpha.ts';
import { fleissKappa, gwetAc1, tableOf } from './many-raters.ts';

/** Four observers, twelve units, five values: the example of Krippendorff, Computing alpha-reliability (2011). */
const _ = null;
const observers = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
  [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
];
const values = [1, 2, 3, 4, 5];

/** Three items with 3, 1 and 2 ratings: a a b, a, b b. */
const unequal = [
  ['a', 'a', 'b'],
  ['a', _, 'b'],
  ['b', _, _],
];

function streamed(ratings: readonly (readonly (string | null)[])[], labels: readonly string[]) {
  const live = createAgreementStream({ k: labels.length });
  ratings.forEach((row, annotator) => {
    row.forEach((label, item) => {
      if (label !== null) live.set(item, annotator, labels.indexOf(label));
    });
  });
  return live.nominal();
}

describe('coefficients', () => {
  it.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
    ['ratio', 0.797],
  ] as const)('[AG11] alpha at the %s level is the published one', (level, alpha) => {
    const found = krippendorffAlpha(observers, values, level);
    expect(found.alpha).toBeCloseTo(alpha, 3);
    // The twelfth unit has one rating, so there are 40 that can be paired, and it changes nothing.
    expect(found.nPairable).toBe(40);
    expect(
      krippendorffAlpha(
        observers.map((row) => row.slice(0, 11)),
        values,
        level,
      ),
    ).toEqual(found);
    expect(found.alpha).toBeCloseTo(1 - found.observed! / found.expected!, 12);
  });

  it('[AG12] with unequal numbers of ratings a label’s share is the mean of the items’ shares', () => {
    const { kappa, pBar, peBar } = fleissKappa(tableOf(unequal, ['a', 'b']));
    const [a, b] = [(2 / 3 + 1 + 0) / 3, (1 / 3 + 0 + 1) / 3];
    expect(peBar).toBeCloseTo(a * a + b * b, 12);
    expect(pBar).toBeCloseTo((1 / 3 + 1) / 2, 12);
    expect(kappa).toBeCloseTo(13 / 40, 12);
    expect(streamed(unequal, ['a', 'b']).fleiss).toBeCloseTo(13 / 40, 12);
  });

  it('[AG12] with as many ratings everywhere it is Fleiss’ of 1971, whose shares are of all ratings', () => {
    const table = fc.array(fc.array(fc.nat({ max: 2 }), { minLength: 4, maxLength: 4 }), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(table, (items) => {
        const counts = items.map((ratings) => [0, 1, 2].map((c) => ratings.filter((r) => r === c).length));
        const n = 4;
        const share = (c: number) => counts.reduce((sum, row) => sum + row[c]!, 0) / (items.length * n);
        const expected = [0, 1, 2].reduce((sum, c) => sum + share(c) ** 2, 0);
        const observed =
          counts.reduce((sum, row) => sum + (row.reduce((q, x) => q + x * x, 0) - n) / (n * (n - 1)), 0) /
          items.length;
        const { kappa } = fleissKappa(counts);
        if (1 - expected < 1e-9) expect(kappa).toBeNull();
        else expect(kappa).toBeCloseTo((observed - expected) / (1 - expected), 9);
      }),
    );
  });

  it('[AG13] a declared label that nobody used counts for AC1', () => {
    const [observed, a, b] = [2 / 3, 5 / 9, 4 / 9];
    for (const labels of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ]) {
      const expected = (a * (1 - a) + b * (1 - b)) / (labels.length - 1);
      const wanted = (observed - expected) / (1 - expected);
      expect(gwetAc1(tableOf(unequal, labels)).ac1).toBeCloseTo(wanted, 12);
      expect(streamed(unequal, labels).ac1).toBeCloseTo(wanted, 12);
    }
  });

  it('[AG14] percent agreement is the mean share of agreeing pairs, and the observed part of Fleiss’ and Gwet’s', () => {
    const ratings = fc.array(
      fc.array(fc.option(fc.constantFrom('a', 'b', 'c')), { minLength: 5, maxLength: 5 }),
      { minLength: 4, maxLength: 4 },
    );
    fc.assert(
      fc.property(ratings, (rows) => {
        const shares: number[] = [];
        for (let item = 0; item < 5; item++) {
          const given = rows.flatMap((row) => row[item] ?? []);
          const pairs = given.flatMap((x, i) => given.slice(i + 1).map((y) => x === y));
          if (pairs.length > 0) shares.push(pairs.filter(Boolean).length / pairs.length);
        }
        const wanted = shares.length === 0 ? null : shares.reduce((sum, s) => sum + s, 0) / shares.length;
        const table = tableOf(rows, ['a', 'b', 'c']);
        for (const found of [
          fleissKappa(table).pBar,
          gwetAc1(table).pa,
          streamed(rows, ['a', 'b', 'c']).pBar,
        ])
          if (wanted === null) expect(found).toBeNull();
          else expect(found).toBeCloseTo(wanted, 12);
      }),
    );
  });
});
