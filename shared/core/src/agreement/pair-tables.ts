import { kappaFromTable } from './two-raters.ts';

export interface PairKappa {
  readonly a: number;
  readonly b: number;
  readonly kappa: number | null;
  readonly items: number;
}

export interface PairTables {
  /** The two gave these labels to one item (1), or do no longer (-1). */
  add(annotator: number, label: number, other: number, theirs: number, step: 1 | -1): void;
  /** Pairs in order that still share an item. */
  read(): PairKappa[];
}

/** A K×K table for every pair of annotators that met. */
export function createPairTables(k: number): PairTables {
  const tables = new Map<string, { a: number; b: number; cells: Int32Array }>();
  return {
    add(annotator, label, other, theirs, step) {
      const [a, la, b, lb] =
        annotator < other ? [annotator, label, other, theirs] : [other, theirs, annotator, label];
      const key = `${a}:${b}`;
      let table = tables.get(key);
      if (table === undefined) {
        table = { a, b, cells: new Int32Array(k * k) };
        tables.set(key, table);
      }
      table.cells[la * k + lb]! += step;
    },
    read() {
      return [...tables.values()]
        .map(({ a, b, cells }) => {
          const rows = Array.from({ length: k }, (_, c) => [...cells.subarray(c * k, c * k + k)]);
          const { kappa, n } = kappaFromTable(rows, 'none');
          return { a, b, kappa, items: n };
        })
        .filter((pair) => pair.items > 0)
        .sort((x, y) => x.a - y.a || x.b - y.b);
    },
  };
}
