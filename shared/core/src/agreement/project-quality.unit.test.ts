import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { krippendorffAlpha } from './alpha.ts';
import { fleissKappa, gwetAc1, tableOf } from './many-raters.ts';
import { createPairRanking } from './pair-ranking.ts';
import { type ItemVotes, noVotes, qualityDelta, readQuality } from './project-quality.ts';
import { cohenKappa } from './two-raters.ts';

// Names that would break a key that is put together carelessly.
const CLASSES = ['spam', 'ham/eggs', '50%', 'π è'];
const USERS = ['usr_a', 'usr_b', 'usr_c', 'usr_d'];
const ITEMS = 5;

type Event = readonly [item: number, user: number, label: number | null];
const events: fc.Arbitrary<Event[]> = fc.array(
  fc.tuple(
    fc.nat({ max: ITEMS - 1 }),
    fc.nat({ max: USERS.length - 1 }),
    fc.option(fc.nat({ max: CLASSES.length - 1 }), { freq: 4, nil: null }),
  ),
  { maxLength: 50 },
);

function votesOf(labels: readonly (number | null)[]): ItemVotes {
  const votes = labels.flatMap((label, user) => {
    const category = label === null ? null : CLASSES[label]!;
    return category === null ? [] : [{ userId: USERS[user]!, category, classes: { [category]: 1 } }];
  });
  let same = 0;
  let pairs = 0;
  for (let i = 0; i < votes.length; i++)
    for (let j = i + 1; j < votes.length; j++) {
      pairs++;
      if (votes[i]!.category === votes[j]!.category) same++;
    }
  return { votes, agreement: pairs === 0 ? null : same / pairs };
}

/** Ratings annotators × items, and the deltas that led there, in the order of events. */
function replay(history: readonly Event[]) {
  const ratings: (number | null)[][] = USERS.map(() => new Array(ITEMS).fill(null));
  const deltas: Record<string, number>[] = [];
  const column = (item: number) => ratings.map((row) => row[item]!);
  for (const [item, user, label] of history) {
    const before = votesOf(column(item));
    ratings[user]![item] = label;
    deltas.push(qualityDelta(before, votesOf(column(item))));
  }
  return { ratings, deltas, column };
}

function added(deltas: readonly Record<string, number>[]): Map<string, number> {
  const counters = new Map<string, number>();
  for (const delta of deltas)
    for (const [key, by] of Object.entries(delta)) counters.set(key, (counters.get(key) ?? 0) + by);
  return counters;
}

function nonZero(counters: ReadonlyMap<string, number>) {
  return Object.fromEntries([...counters].filter(([, amount]) => amount !== 0));
}

function near(got: number | null, wanted: number | null) {
  if (wanted === null) expect(got).toBeNull();
  else expect(got).toBeCloseTo(wanted, 9);
}

describe('project quality', () => {
  it('[AG2] every counter and every delta is a whole number', () => {
    fc.assert(
      fc.property(events, (history) => {
        for (const delta of replay(history).deltas)
          for (const amount of Object.values(delta)) expect(Number.isSafeInteger(amount)).toBe(true);
      }),
    );
  });

  it('[AG3] deltas in any order give the counters of the votes that stand', () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (history, keys) => {
        const { deltas, column } = replay(history);
        const shuffled = deltas
          .map((delta) => ({ delta, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ delta }) => delta);
        const direct = Array.from({ length: ITEMS }, (_, item) =>
          qualityDelta(noVotes, votesOf(column(item))),
        );
        expect(nonZero(added(shuffled))).toEqual(nonZero(added(direct)));
      }),
    );
  });

  it('[AG3] everything withdrawn leaves every counter at 0', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { deltas, column } = replay(history);
        const back = Array.from({ length: ITEMS }, (_, item) => qualityDelta(votesOf(column(item)), noVotes));
        expect(nonZero(added([...deltas, ...back]))).toEqual({});
      }),
    );
  });

  it('[AG4] counts items, squares and labels by how many ratings an item has', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { deltas, column } = replay(history);
        const wanted: Record<string, number> = {};
        const add = (key: string, by: number) => {
          wanted[key] = (wanted[key] ?? 0) + by;
        };
        for (let item = 0; item < ITEMS; item++) {
          const given = column(item).filter((label) => label !== null);
          if (given.length === 0) continue;
          add(`m/${given.length}/n`, 1);
          for (const label of new Set(given)) {
            const count = given.filter((other) => other === label).length;
            add(`m/${given.length}/q`, count * count);
            add(`m/${given.length}/k/${encodeURIComponent(CLASSES[label]!)}`, count);
          }
        }
        const kept = Object.entries(nonZero(added(deltas))).filter(([key]) => key.startsWith('m/'));
        expect(Object.fromEntries(kept)).toEqual(wanted);
      }),
    );
  });

  it('[AG5] reads what the batch definitions give', () => {
    fc.assert(
      fc.property(events, (history) => {
        const { ratings, deltas, column } = replay(history);
        const quality = readQuality(added(deltas), CLASSES);
        const labels = CLASSES.map((_, i) => i);
        const table = tableOf(ratings, labels);
        near(quality.alpha, krippendorffAlpha(ratings, labels, 'nominal').alpha);
        near(quality.fleiss, fleissKappa(table).kappa);
        near(quality.ac1, gwetAc1(table).ac1);
        const agreements = Array.from({ length: ITEMS }, (_, item) => votesOf(column(item)).agreement).filter(
          (agreement) => agreement !== null,
        );
        expect(quality.items).toBe(agreements.length);
        expect(quality.histogram.reduce((sum, n) => sum + n, 0)).toBe(agreements.length);
        if (agreements.length === 0) expect(quality.itemAgreement).toBeNull();
        else
          expect(quality.itemAgreement).toBeCloseTo(
            agreements.reduce((sum, a) => sum + a, 0) / agreements.length,
            5,
          );
        expect(quality.classes.map((c) => c.votes)).toEqual(
          labels.map((label) => ratings.flat().filter((given) => given === label).length),
        );
      }),
    );
  });

  it('[AG6] ranks the pairs that both rated an item as Cohen’s tables of them do, the lowest kappa first', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 7 }), (history, most) => {
        const { ratings, deltas } = replay(history);
        const of = (user: number) => ratings[user]!.map((label) => (label === null ? null : CLASSES[label]!));
        const wanted = USERS.flatMap((a, i) =>
          USERS.slice(i + 1).map((b, j) => {
            const { kappa, n } = cohenKappa(of(i), of(i + 1 + j), CLASSES, 'none');
            return { a, b, kappa, items: n };
          }),
        ).filter(({ items }) => items > 0);
        const ranking = createPairRanking(most);
        const counters = [...added(deltas)].filter(([key]) => key.startsWith('pair/'));
        for (const [key, amount] of counters.sort(([x], [y]) => (x < y ? -1 : 1)))
          ranking.add(key.slice('pair/'.length), amount);
        const { items, total } = ranking.read();
        expect(total).toBe(wanted.length);
        expect(items).toHaveLength(Math.min(most, wanted.length));
        for (const pair of items) {
          const same = wanted.find(({ a, b }) => a === pair.a && b === pair.b)!;
          expect(pair.a < pair.b).toBe(true);
          expect(pair.items).toBe(same.items);
          near(pair.kappa, same.kappa);
        }
        const low = wanted.map(({ kappa }) => kappa ?? 2).sort((x, y) => x - y);
        for (const [i, { kappa }] of items.entries()) expect(kappa ?? 2).toBeCloseTo(low[i]!, 9);
      }),
    );
  });

  it('[AG7] keeps classes that left the schema, and settled counts of any name', () => {
    const counters = added([qualityDelta(noVotes, votesOf([1, 1, null, null]))]);
    counters.set('final/50%', 2);
    const quality = readQuality(counters, ['spam']);
    expect(quality.classes).toEqual([
      { name: 'spam', votes: 0, final: 0 },
      { name: '50%', votes: 0, final: 2 },
      { name: 'ham/eggs', votes: 2, final: 0 },
    ]);
    expect(quality.itemAgreement).toBe(1);
    expect(quality.histogram).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('[AG7] counts even under a name that is half a character', () => {
    const half = { userId: 'usr_a', category: '\uD83C', classes: { '\uD83C': 1 } };
    expect(qualityDelta(noVotes, { votes: [half], agreement: null })).toMatchObject({ 'm/1/n': 1 });
  });

  it('[AG10] says null, never 0 or 1, where nothing can be compared', () => {
    expect(readQuality(new Map(), CLASSES)).toMatchObject({
      itemAgreement: null,
      items: 0,
      alpha: null,
      fleiss: null,
      ac1: null,
    });
  });

  it('[AG1] region work has agreement and classes, but no nominal coefficient', () => {
    const boxes: ItemVotes = {
      votes: [
        { userId: 'usr_a', category: null, classes: { spam: 3 } },
        { userId: 'usr_b', category: null, classes: { spam: 2 } },
      ],
      agreement: 0.61,
    };
    const quality = readQuality(added([qualityDelta(noVotes, boxes)]), ['spam']);
    expect(quality).toMatchObject({ itemAgreement: 0.61, items: 1, alpha: null, fleiss: null });
    expect(quality.classes[0]).toEqual({ name: 'spam', votes: 5, final: 0 });
    expect(quality.histogram[6]).toBe(1);
  });
});
