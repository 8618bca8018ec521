/**
 * Optimal assignment (Hungarian method by shortest augmenting paths, O(rows² · columns)): gives every row at most one
 * column, every column at most one row, so that the sum of the weights is largest. Weights are finite and not negative;
 * pairs of weight 0 are left apart.
 * @returns for each row the column it goes with, or -1.
 */
export function assignMax(weights: readonly (readonly number[])[]): number[] {
  const rows = weights.length;
  const columns = weights[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return new Array<number>(rows).fill(-1);
  if (rows > columns) {
    const turned = assignMax(Array.from({ length: columns }, (_, c) => weights.map((row) => row[c]!)));
    const result = new Array<number>(rows).fill(-1);
    turned.forEach((row, column) => {
      if (row >= 0) result[row] = column;
    });
    return result;
  }
  const rowOf = shortestPaths(weights, rows, columns);
  const result = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= columns; column++) {
    const row = rowOf[column]! - 1;
    if (row >= 0 && weights[row]![column - 1]! > 0) result[row] = column - 1;
  }
  return result;
}

/** The classic potentials form on costs = -weight, 1-based; rowOf[column] is the row assigned to it, 0 for none. */
function shortestPaths(weights: readonly (readonly number[])[], rows: number, columns: number): number[] {
  const u = new Array<number>(rows + 1).fill(0);
  const v = new Array<number>(columns + 1).fill(0);
  const rowOf = new Array<number>(columns + 1).fill(0);
  const way = new Array<number>(columns + 1).fill(0);
  for (let i = 1; i <= rows; i++) {
    rowOf[0] = i;
    let column = 0;
    const least = new Array<number>(columns + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Array<boolean>(columns + 1).fill(false);
    do {
      used[column] = true;
      const row = rowOf[column]!;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let j = 1; j <= columns; j++) {
        if (used[j]) continue;
        const reduced = -weights[row - 1]![j - 1]! - u[row]! - v[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          way[j] = column;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          next = j;
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (used[j]) {
          u[rowOf[j]!]! += delta;
          v[j]! -= delta;
        } else least[j]! -= delta;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      const before = way[column]!;
      rowOf[column] = rowOf[before]!;
      column = before;
    }
  }
  return rowOf;
}

/** A possible pair of a left and a right thing, by index, with its weight (> 0). */
export interface Candidate {
  readonly left: number;
  readonly right: number;
  readonly weight: number;
}

/**
 * Optimal assignment on a sparse set of candidates: each connected group is solved by itself, so that a page with
 * hundreds of small boxes costs what its crowded corners cost. Pairs come back in order of `left`.
 */
export function matchCandidates(candidates: readonly Candidate[]): Candidate[] {
  const groups = groupConnected(candidates);
  const chosen: Candidate[] = [];
  for (const group of groups) {
    if (group.length === 1) {
      chosen.push(group[0]!);
      continue;
    }
    const lefts = [...new Set(group.map((c) => c.left))].sort((a, b) => a - b);
    const rights = [...new Set(group.map((c) => c.right))].sort((a, b) => a - b);
    const leftAt = new Map(lefts.map((left, i) => [left, i]));
    const rightAt = new Map(rights.map((right, i) => [right, i]));
    const weights = lefts.map(() => new Array<number>(rights.length).fill(0));
    const byPlace = new Map<number, Candidate>();
    for (const c of group) {
      const row = leftAt.get(c.left)!;
      const column = rightAt.get(c.right)!;
      weights[row]![column] = c.weight;
      byPlace.set(row * rights.length + column, c);
    }
    assignMax(weights).forEach((column, row) => {
      if (column >= 0) chosen.push(byPlace.get(row * rights.length + column)!);
    });
  }
  return chosen.sort((a, b) => a.left - b.left);
}

function groupConnected(candidates: readonly Candidate[]): Candidate[][] {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    let root = key;
    while (parent.get(root) !== undefined && parent.get(root) !== root) root = parent.get(root)!;
    parent.set(key, root);
    return root;
  };
  for (const c of candidates) {
    const left = find(`l${c.left}`);
    const right = find(`r${c.right}`);
    if (left !== right) parent.set(right, left);
  }
  const groups = new Map<string, Candidate[]>();
  for (const c of candidates) {
    const root = find(`l${c.left}`);
    const group = groups.get(root);
    if (group) group.push(c);
    else groups.set(root, [c]);
  }
  return [...groups.values()];
}
