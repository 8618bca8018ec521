import type { ProjectQuality } from '../protocol/resources.ts';
import { emptyBuckets, growBuckets, readNominal } from './nominal-buckets.ts';

/** The standing submissions of one item that were made blind, as far as agreement needs to know them. */
export interface ItemVotes {
  readonly votes: readonly {
    readonly userId: string;
    /** The modality's nominal category; null where it has none. */
    readonly category: string | null;
    /** How often each class occurs in the submission. */
    readonly classes: Readonly<Record<string, number>>;
  }[];
  /** Mean pairwise measure, 0..1; null under two votes. */
  readonly agreement: number | null;
}

export const noVotes: ItemVotes = { votes: [], agreement: null };

const MILLION = 1_000_000;
const BINS = 10;

/** Class names may hold anything, half characters too; keys are parted by slashes. */
const part = (name: string) => encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\uFFFD'));
/** Settled items by class, kept by settlement; the class's name as it is. */
const FINAL = 'final/';

/**
 * What one item contributes to the project's counters:
 * `items`, `agreement` (sum in whole millionths), `hist/<bin>`: items with an agreement;
 * `votes/<class>`: how often a class was given;
 * `m/<m>/n`, `m/<m>/q`, `m/<m>/k/<class>`: nominal buckets (see nominal-buckets.ts);
 * `pair/<a>/<b>/<class of a>/<class of b>` with a < b: the pair's table.
 */
function contributions(item: ItemVotes): Map<string, number> {
  const counters = new Map<string, number>();
  const add = (key: string, by: number) => counters.set(key, (counters.get(key) ?? 0) + by);
  if (item.agreement !== null) {
    const millionths = Math.round(item.agreement * MILLION);
    add('items', 1);
    add('agreement', millionths);
    add(`hist/${Math.min(BINS - 1, Math.floor((millionths * BINS) / MILLION))}`, 1);
  }
  for (const vote of item.votes)
    for (const [name, count] of Object.entries(vote.classes)) add(`votes/${part(name)}`, count);
  const rated = item.votes
    .filter((vote) => vote.category !== null)
    .map((vote) => ({ userId: vote.userId, category: part(vote.category as string) }))
    .sort((a, b) => (a.userId < b.userId ? -1 : 1));
  addBuckets(
    rated.map((vote) => vote.category),
    add,
  );
  for (let i = 0; i < rated.length; i++) {
    for (let j = i + 1; j < rated.length; j++) {
      const a = rated[i]!;
      const b = rated[j]!;
      add(`pair/${a.userId}/${b.userId}/${a.category}/${b.category}`, 1);
    }
  }
  return counters;
}

/** @param categories as they stand in keys. */
function addBuckets(categories: readonly string[], add: (key: string, by: number) => void): void {
  const m = categories.length;
  if (m === 0) return;
  const counts = new Map<string, number>();
  for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1);
  add(`m/${m}/n`, 1);
  for (const [category, count] of counts) {
    add(`m/${m}/q`, count * count);
    add(`m/${m}/k/${category}`, count);
  }
}

/**
 * How a project's counters change when one item's votes change: key (without the project's prefix) to a whole number.
 * Deltas commute, and one from a to b and one from b to a cancel exactly, so counters may be kept by increments alone.
 */
export function qualityDelta(before: ItemVotes, after: ItemVotes): Record<string, number> {
  const delta = contributions(after);
  for (const [key, amount] of contributions(before)) delta.set(key, (delta.get(key) ?? 0) - amount);
  return Object.fromEntries([...delta].filter(([, amount]) => amount !== 0));
}

/**
 * The live figures out of the counters: those of `qualityDelta` apart from `pair/` (see pair-ranking.ts), and `final/<class>`
 * (settled items by class).
 */
export function readQuality(
  counters: ReadonlyMap<string, number>,
  classNames: readonly string[],
): ProjectQuality {
  const at = (key: string) => counters.get(key) ?? 0;
  const items = at('items');
  const names = usedNames(counters, classNames);
  const nominal = readNominal(bucketsOf(counters, names));
  return {
    itemAgreement: items === 0 ? null : at('agreement') / MILLION / items,
    items,
    alpha: nominal.alpha,
    fleiss: nominal.fleiss,
    ac1: nominal.ac1,
    classes: names.map((name) => ({
      name,
      votes: at(`votes/${part(name)}`),
      final: at(FINAL + name),
    })),
    histogram: Array.from({ length: BINS }, (_, bin) => at(`hist/${bin}`)),
  };
}

/** The declared classes, then those that older schema versions left in the counters. */
function usedNames(counters: ReadonlyMap<string, number>, classNames: readonly string[]): string[] {
  const left = new Set<string>();
  for (const [key, amount] of counters) {
    if (amount === 0) continue;
    const voted = /^(?:votes|m\/\d+\/k)\/(.+)$/s.exec(key);
    if (voted) left.add(decodeURIComponent(voted[1]!));
    else if (key.startsWith(FINAL)) left.add(key.slice(FINAL.length));
  }
  return [...classNames, ...[...left].filter((name) => !classNames.includes(name)).sort()];
}

function bucketsOf(counters: ReadonlyMap<string, number>, names: readonly string[]) {
  const buckets = emptyBuckets(names.length);
  const place = new Map(names.map((name, i) => [name, i]));
  for (const [key, amount] of counters) {
    const found = amount === 0 ? null : /^m\/(\d+)\/(n|q|k)(?:\/(.+))?$/.exec(key);
    if (!found) continue;
    const m = Number(found[1]);
    growBuckets(buckets, m);
    if (found[2] === 'n') buckets.items[m] = amount;
    else if (found[2] === 'q') buckets.squares[m] = amount;
    else buckets.labels[m * names.length + place.get(decodeURIComponent(found[3]!))!] = amount;
  }
  return buckets;
}
