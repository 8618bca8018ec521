import type { Indexed } from './judgements.ts';
import { topLabel } from './judgements.ts';

/** Shares of each label on each task, at task * K + label; tied tasks by number. */
export interface Votes {
  readonly shares: Float64Array;
  readonly top: Int32Array;
  readonly ties: readonly number[];
}

/** Majority (without weights) or weighted vote. A task whose voters all weigh nothing is decided by plain majority. */
export function vote(data: Indexed, weights?: ArrayLike<number>): Votes {
  const { k } = data;
  const shares = new Float64Array(data.tasks.length * k);
  const totals = new Float64Array(data.tasks.length);
  for (let i = 0; i < data.size; i++) {
    const weight = weights === undefined ? 1 : weights[data.annotator[i]!]!;
    shares[data.task[i]! * k + data.label[i]!]! += weight;
    totals[data.task[i]!]! += weight;
  }
  const plain = weights !== undefined && totals.some((total) => !(total > 0)) ? vote(data) : null;
  for (let task = 0; task < data.tasks.length; task++)
    for (let c = 0; c < k; c++) {
      const at = task * k + c;
      shares[at] = totals[task]! > 0 ? shares[at]! / totals[task]! : plain!.shares[at]!;
    }
  const top = new Int32Array(data.tasks.length);
  const ties: number[] = [];
  for (let task = 0; task < data.tasks.length; task++) {
    const found = topLabel(shares, task * k, k);
    top[task] = found.label;
    if (found.tie) ties.push(task);
  }
  return { shares, top, ties };
}

/** Wawa: each annotator's share of judgements that equal the majority, then a vote weighted by it. */
export function wawa(data: Indexed): Votes & { readonly skills: Float64Array } {
  const majority = vote(data);
  const right = new Float64Array(data.annotators.length);
  const given = new Float64Array(data.annotators.length);
  for (let i = 0; i < data.size; i++) {
    given[data.annotator[i]!]!++;
    if (majority.top[data.task[i]!] === data.label[i]) right[data.annotator[i]!]!++;
  }
  const skills = right.map((count, annotator) => count / given[annotator]!);
  return { ...vote(data, skills), skills };
}
