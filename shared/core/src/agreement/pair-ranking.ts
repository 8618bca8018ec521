import type { PairAgreement, PairAgreements } from '../protocol/resources.ts';
import { kappaFromTable } from './two-raters.ts';

/** Which pairs of people agree least, out of their counters given in order of keys, one pair held at a time. */
export interface PairRanking {
  /** A counter `<a>/<b>/<class of a>/<class of b>` of `qualityDelta`, without its head `pair/`. */
  add(key: string, amount: number): void;
  /** The pairs with the lowest kappa, those without one last; and how many pairs share an item at all. */
  read(): PairAgreements;
}

export function createPairRanking(most: number): PairRanking {
  const ranked: PairAgreement[] = [];
  let total = 0;
  let pair = '';
  let cells: (readonly [label: string, other: string, amount: number])[] = [];

  function finish(): void {
    if (cells.length === 0) return;
    total++;
    const [a, b] = pair.split('/') as [string, string];
    const place = new Map<string, number>();
    // A class that neither gave changes nothing, so the table needs only those that stand in the counters.
    for (const [label, other] of cells)
      for (const name of [label, other]) place.set(name, place.get(name) ?? place.size);
    const table = Array.from(place, () => new Array<number>(place.size).fill(0));
    for (const [label, other, amount] of cells) table[place.get(label)!]![place.get(other)!] = amount;
    const { kappa, n } = kappaFromTable(table, 'none');
    insert({ a, b, kappa, items: n });
    cells = [];
  }

  function insert(found: PairAgreement): void {
    let at = ranked.length;
    while (at > 0 && before(found, ranked[at - 1]!)) at--;
    if (at === most) return;
    ranked.splice(at, 0, found);
    if (ranked.length > most) ranked.pop();
  }

  return {
    add(key, amount) {
      if (amount === 0) return;
      const [a, b, label, other] = key.split('/') as [string, string, string, string];
      if (pair !== `${a}/${b}`) finish();
      pair = `${a}/${b}`;
      cells.push([label, other, amount]);
    },
    read() {
      finish();
      return { items: ranked, total };
    },
  };
}

const NO_KAPPA = 2;

/** Lowest kappa first; among equals the pair that shares more items. */
function before(x: PairAgreement, y: PairAgreement): boolean {
  const byKappa = (x.kappa ?? NO_KAPPA) - (y.kappa ?? NO_KAPPA);
  return byKappa !== 0 ? byKappa < 0 : x.items > y.items;
}
