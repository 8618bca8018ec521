import { betaMass, betaQuantile } from './beta.ts';
import { type Duplicates, type Judgement, withoutDuplicates } from './judgements.ts';

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

export interface GoldScore {
  readonly n: number;
  readonly correct: number;
  /** Null without gold answers. */
  readonly accuracy: number | null;
  readonly posteriorMean: number;
  readonly interval: readonly [number, number];
  /** Probability that the accuracy is above the bar. */
  readonly aboveBar: number;
  /** Wilson's 95 % interval; null without gold answers. */
  readonly wilson: readonly [number, number] | null;
}

export interface GoldOptions {
  /** Beta prior: right, wrong. */
  readonly prior: readonly [number, number];
  readonly bar: number;
  readonly duplicates: Duplicates;
}

/** How everybody did on the tasks whose answer is known. Somebody without gold answers keeps the prior. */
export function goldScores(
  judgements: readonly Judgement[],
  gold: ReadonlyMap<string, string>,
  options: GoldOptions,
): Map<string, GoldScore> {
  const tally = new Map<string, { n: number; correct: number }>();
  for (const [task, annotator, label] of withoutDuplicates(judgements, options.duplicates)) {
    const own = tally.get(annotator) ?? { n: 0, correct: 0 };
    tally.set(annotator, own);
    const answer = gold.get(task);
    if (answer === undefined) continue;
    own.n++;
    if (answer === label) own.correct++;
  }
  return new Map([...tally].map(([annotator, { n, correct }]) => [annotator, score(n, correct, options)]));
}

function score(n: number, correct: number, options: GoldOptions): GoldScore {
  const a = options.prior[0] + correct;
  const b = options.prior[1] + n - correct;
  return {
    n,
    correct,
    accuracy: n === 0 ? null : correct / n,
    posteriorMean: a / (a + b),
    interval: [betaQuantile(0.025, a, b), betaQuantile(0.975, a, b)],
    aboveBar: 1 - betaMass(options.bar, a, b),
    wilson: n === 0 ? null : wilson(correct / n, n),
  };
}

function wilson(share: number, n: number): [number, number] {
  const centre = share + (Z * Z) / (2 * n);
  const half = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}
