export type Weights = 'none' | 'linear' | 'quadratic';

export interface TwoRaters {
  readonly kappa: number | null;
  /** 1 - weighted observed disagreement; null without pairs. */
  readonly po: number | null;
  /** 1 - weighted expected disagreement; null without pairs. */
  readonly pe: number | null;
  readonly n: number;
}

/** K×K counts of [a's label][b's label]; pairs with a null, or a label that is not declared, are dropped. */
function crossTable(
  a: readonly (string | null)[],
  b: readonly (string | null)[],
  labels: readonly string[],
): number[][] {
  const place = new Map(labels.map((label, i) => [label, i]));
  const table = labels.map(() => new Array<number>(labels.length).fill(0));
  for (let i = 0; i < a.length; i++) {
    const left = a[i] == null ? undefined : place.get(a[i]!);
    const right = b[i] == null ? undefined : place.get(b[i]!);
    if (left !== undefined && right !== undefined) table[left]![right]!++;
  }
  return table;
}

/** Disagreement of two labels, 0..1; weighted ones read the labels as an order. */
function distance(i: number, j: number, k: number, weights: Weights): number {
  if (weights === 'none') return i === j ? 0 : 1;
  const step = k < 2 ? 0 : Math.abs(i - j) / (k - 1);
  return weights === 'linear' ? step : step * step;
}

const UNDEFINED = (n: number): TwoRaters => ({ kappa: null, po: null, pe: null, n });

/** Cohen's kappa (1960; weighted: 1968) from a K×K table of counts. Null where expected disagreement is 0. */
export function kappaFromTable(table: readonly (readonly number[])[], weights: Weights): TwoRaters {
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = table.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
  return chanceCorrected(table, rows, columns, weights);
}

/** Scott's pi (1955) from a K×K table: both people are taken to share one distribution. */
export function piFromTable(table: readonly (readonly number[])[]): TwoRaters {
  const pooled = table.map(
    (row, i) => (row.reduce((sum, count) => sum + count, 0) + table.reduce((s, r) => s + r[i]!, 0)) / 2,
  );
  return chanceCorrected(table, pooled, pooled, 'none');
}

function chanceCorrected(
  table: readonly (readonly number[])[],
  rows: readonly number[],
  columns: readonly number[],
  weights: Weights,
): TwoRaters {
  const k = table.length;
  const n = rows.reduce((sum, count) => sum + count, 0);
  if (n === 0) return UNDEFINED(0);
  // Counts are summed before dividing: a table without variation then gives exactly 0.
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const d = distance(i, j, k, weights);
      if (d === 0) continue;
      observed += d * table[i]![j]!;
      expected += d * rows[i]! * columns[j]!;
    }
  }
  const disagreement = observed / n;
  const byChance = expected / (n * n);
  return {
    kappa: byChance === 0 ? null : 1 - disagreement / byChance,
    po: 1 - disagreement,
    pe: 1 - byChance,
    n,
  };
}

export function cohenKappa(
  a: readonly (string | null)[],
  b: readonly (string | null)[],
  labels: readonly string[],
  weights: Weights,
): TwoRaters {
  return kappaFromTable(crossTable(a, b, labels), weights);
}

export function scottPi(
  a: readonly (string | null)[],
  b: readonly (string | null)[],
  labels: readonly string[],
): TwoRaters {
  return piFromTable(crossTable(a, b, labels));
}
