import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAgreementStream } from './agreement-stream.ts';
import { krippendorffAlpha, type Level } from './alpha.ts';
import { fleissKappa, gwetAc1, tableOf } from './many-raters.ts';
import { readNominal, tallyRatings } from './nominal-buckets.ts';
import { cohenKappa } from './two-raters.ts';

const K = 3;
const ANNOTATORS = 4;
const ITEMS = 6;
const VALUES = [1, 2, 5];

type Event = readonly [item: number, annotator: number, label: number | null];

const events: fc.Arbitrary<Event[]> = fc.array(
  fc.tuple(
    fc.nat({ max: ITEMS - 1 }),
    fc.nat({ max: ANNOTATORS - 1 }),
    fc.option(fc.nat({ max: K - 1 }), { freq: 3, nil: null }),
  ),
  { maxLength: 60 },
);

function replay(history: readonly Event[]) {
  const live = createAgreementStream({ k: K, values: VALUES, pairs: true });
  const ratings: (number | null)[][] = Array.from({ length: ANNOTATORS }, () => new Array(ITEMS).fill(null));
  for (const [item, annotator, label] of history) {
    if (label === null) live.withdraw(item, annotator);
    else live.set(item, annotator, label);
    ratings[annotator]![item] = label;
  }
  return { live, ratings };
}

function near(got: number | null, wanted: number | null) {
  if (wanted === null) expect(got).toBeNull();
  else expect(got).toBeCloseTo(wanted, 9);
}

/** Everything the stream says, as one comparable value. */
function figures(live: ReturnType<typeof replay>['live']) {
  const levels: Level[] = ['nominal', 'ordinal', 'interval', 'ratio'];
  const items = Array.from({ length: ITEMS }, (_, item) => [live.itemAgreement(item), live.majority(item)]);
  return [live.nominal(), levels.map((level) => live.alpha(level)), items, live.pairs(), live.labels()];
}

describe('agreement stream', () => {
  it('[AG5] equals the batch definitions after any history of labels, changes and withdrawals', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { live, ratings } = replay(history);
        const labels = [0, 1, 2];
        const nominal = live.nominal();
        near(nominal.alpha, krippendorffAlpha(ratings, labels, 'nominal').alpha);
        const table = tableOf(ratings, labels);
        const fleiss = fleissKappa(table);
        near(nominal.fleiss, fleiss.kappa);
        near(nominal.pBar, fleiss.pBar);
        near(nominal.fleissExpected, fleiss.peBar);
        near(nominal.ac1, gwetAc1(table).ac1);
        const valued = ratings.map((row) => row.map((label) => (label === null ? null : VALUES[label]!)));
        for (const level of ['nominal', 'ordinal', 'interval', 'ratio'] as const)
          near(live.alpha(level).alpha, krippendorffAlpha(valued, VALUES, level).alpha);
        for (const pair of live.pairs()) {
          const names = ratings.map((row) => row.map((label) => (label === null ? null : String(label))));
          const wanted = cohenKappa(names[pair.a]!, names[pair.b]!, labels.map(String), 'none');
          near(pair.kappa, wanted.kappa);
          expect(pair.items).toBe(wanted.n);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('[AG5] depends on the ratings that stand, to the last bit, not on how they came about', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { live, ratings } = replay(history);
        const straight: Event[] = ratings.flatMap((row, annotator) =>
          row.flatMap((label, item) => (label === null ? [] : [[item, annotator, label] as const])),
        );
        expect(figures(live)).toEqual(figures(replay(straight.reverse()).live));
      }),
    );
  });

  it('[AG3] says nothing again once everything is withdrawn', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { live } = replay(history);
        for (let item = 0; item < ITEMS; item++)
          for (let annotator = 0; annotator < ANNOTATORS; annotator++) live.withdraw(item, annotator);
        expect(figures(live)).toEqual(figures(replay([]).live));
      }),
    );
  });

  it('[AG5] has the bits of the batch tally over the same ratings', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { live, ratings } = replay(history);
        const standing = ratings.flatMap((row) =>
          row.flatMap((label, item) => (label === null ? [] : [{ item, label }])),
        );
        const batch = tallyRatings(
          standing.map((one) => one.item),
          standing.map((one) => one.label),
          ITEMS,
          K,
        );
        expect(live.nominal()).toEqual(readNominal(batch));
      }),
    );
  });

  it('refuses a label that is not there', () => {
    expect(() => createAgreementStream({ k: 2 }).set(0, 0, 2)).toThrow(/label 2/);
  });
});
