import type { Alpha, Level } from './alpha.ts';
import { emptyCoincidences, readCoincidences, tallyCoincidences } from './coincidence-buckets.ts';
import { emptyBuckets, growBuckets, type NominalFigures, readNominal } from './nominal-buckets.ts';
import { createPairTables, type PairKappa } from './pair-tables.ts';
import { createRatings } from './ratings.ts';

export interface AgreementStreamOptions {
  /** Number of labels, K; labels are 0..K-1. */
  readonly k: number;
  /** The labels' values in order; with them alpha is also read at other levels than nominal. */
  readonly values?: readonly (string | number)[];
  /** Keep a table for every pair of annotators that met. */
  readonly pairs?: boolean;
}

/**
 * Agreement that moves with every label: set, replace and withdraw in time that depends on the item alone, read at any
 * moment. The state is whole numbers, so the figures depend on the ratings that stand and on nothing else.
 */
export interface AgreementStream {
  /** The annotator's label on the item is now this one. */
  set(item: number, annotator: number, label: number): void;
  /** The annotator has no label on the item any more. */
  withdraw(item: number, annotator: number): void;
  /** Ratings that stand. */
  labels(): number;
  nominal(): NominalFigures;
  /** Needs `values`. */
  alpha(level: Level): Alpha;
  /** Agreeing pairs over pairs of one item; null under two ratings. */
  itemAgreement(item: number): number | null;
  /** The commonest label, the lowest among equals; null without ratings. */
  majority(item: number): number | null;
  /** Cohen's kappa of each pair that met, by annotator number. Needs `pairs`. */
  pairs(): PairKappa[];
}

export function createAgreementStream(options: AgreementStreamOptions): AgreementStream {
  const { k, values } = options;
  const ratings = createRatings(k);
  const buckets = emptyBuckets(k);
  const coincidences = values === undefined ? null : emptyCoincidences();
  const tables = options.pairs === true ? createPairTables(k) : null;

  /** The item's count of a label changes by `step`; everything else follows. */
  function move(item: number, label: number, step: 1 | -1): void {
    const counts = ratings.counts();
    const at = item * k;
    if (coincidences) tallyCoincidences(coincidences, k, counts, at, -1);
    const m = ratings.ratingsOf(item);
    const squares = ratings.squaresOf(item);
    growBuckets(buckets, m + 1);
    if (m > 0) {
      buckets.items[m]!--;
      buckets.squares[m]! -= squares;
      for (let c = 0; c < k; c++) buckets.labels[m * k + c]! -= counts[at + c]!;
    }
    ratings.count(item, label, step);
    const after = m + step;
    if (after > 0) {
      buckets.items[after]!++;
      buckets.squares[after]! += ratings.squaresOf(item);
      for (let c = 0; c < k; c++) buckets.labels[after * k + c]! += counts[at + c]!;
    }
    if (coincidences) tallyCoincidences(coincidences, k, counts, at, 1);
  }

  /** One rating of the item changes its label: m stays, so only sums move. */
  function replace(item: number, from: number, to: number): void {
    const counts = ratings.counts();
    if (coincidences) tallyCoincidences(coincidences, k, counts, item * k, -1);
    const m = ratings.ratingsOf(item);
    const before = ratings.squaresOf(item);
    ratings.count(item, from, -1);
    ratings.count(item, to, 1);
    buckets.squares[m]! += ratings.squaresOf(item) - before;
    buckets.labels[m * k + from]!--;
    buckets.labels[m * k + to]!++;
    if (coincidences) tallyCoincidences(coincidences, k, counts, item * k, 1);
  }

  function pairUp(item: number, annotator: number, label: number, step: 1 | -1): void {
    if (tables === null) return;
    ratings.each(item, (other, theirs) => {
      if (other !== annotator) tables.add(annotator, label, other, theirs, step);
    });
  }

  return {
    set(item, annotator, label) {
      if (!(Number.isInteger(label) && label >= 0 && label < k))
        throw new RangeError(`label ${label} is not one of 0..${k - 1}`);
      const before = ratings.relabel(item, annotator, label);
      if (before === label) return;
      if (before >= 0) {
        pairUp(item, annotator, before, -1);
        replace(item, before, label);
      } else {
        ratings.add(item, annotator, label);
        move(item, label, 1);
      }
      pairUp(item, annotator, label, 1);
    },
    withdraw(item, annotator) {
      const label = ratings.remove(item, annotator);
      if (label < 0) return;
      pairUp(item, annotator, label, -1);
      move(item, label, -1);
    },
    labels: () => ratings.size(),
    nominal: () => readNominal(buckets),
    alpha(level) {
      if (coincidences === null || values === undefined)
        throw new RangeError('alpha at a level needs the values of the labels');
      return readCoincidences(coincidences, values, level);
    },
    itemAgreement(item) {
      const m = ratings.ratingsOf(item);
      return m < 2 ? null : (ratings.squaresOf(item) - m) / (m * (m - 1));
    },
    majority: (item) => ratings.majority(item),
    pairs: () => tables?.read() ?? [],
  };
}
