/** One person's label on one task. */
export type Judgement = readonly [task: string, annotator: string, label: string];

/** Judgements by number, for arithmetic: tasks and annotators in order of their names, labels as declared. */
export interface Indexed {
  readonly tasks: readonly string[];
  readonly annotators: readonly string[];
  readonly k: number;
  readonly task: Int32Array;
  readonly annotator: Int32Array;
  readonly label: Int32Array;
  readonly size: number;
}

export type Duplicates = 'keep' | 'last';

/** With `last`, an annotator's last judgement on a task counts; with `keep` all do. */
export function withoutDuplicates(judgements: readonly Judgement[], rule: Duplicates): readonly Judgement[] {
  if (rule === 'keep') return judgements;
  const last = new Map<string, Judgement>();
  for (const judgement of judgements) last.set(JSON.stringify(judgement.slice(0, 2)), judgement);
  return [...last.values()];
}

/** Judgements with a label that is not declared are left out. */
export function indexJudgements(
  judgements: readonly Judgement[],
  labels: readonly string[],
  rule: Duplicates = 'keep',
): Indexed {
  const labelAt = new Map(labels.map((label, i) => [label, i]));
  const used = withoutDuplicates(judgements, rule).filter(([, , label]) => labelAt.has(label));
  const tasks = [...new Set(used.map(([task]) => task))].sort();
  const annotators = [...new Set(used.map(([, annotator]) => annotator))].sort();
  const taskAt = new Map(tasks.map((task, i) => [task, i]));
  const annotatorAt = new Map(annotators.map((annotator, i) => [annotator, i]));
  return {
    tasks,
    annotators,
    k: labels.length,
    task: Int32Array.from(used, ([task]) => taskAt.get(task)!),
    annotator: Int32Array.from(used, ([, annotator]) => annotatorAt.get(annotator)!),
    label: Int32Array.from(used, ([, , label]) => labelAt.get(label)!),
    size: used.length,
  };
}

const TIE_DIGITS = 1e9;

/** The label with the most in `shares[at…at + k)`; the one declared first among equals (to nine decimals). */
export function topLabel(shares: ArrayLike<number>, at: number, k: number): { label: number; tie: boolean } {
  const rounded = (c: number) => Math.round(shares[at + c]! * TIE_DIGITS);
  let label = 0;
  let tie = false;
  for (let c = 1; c < k; c++) {
    if (rounded(c) > rounded(label)) {
      label = c;
      tie = false;
    } else if (rounded(c) === rounded(label)) tie = true;
  }
  return { label, tie };
}
