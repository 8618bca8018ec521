import type { AssetFacts, Consensus, Modality } from '../modalities/modality.ts';
import type { Annotation } from '../records/annotation.ts';
import type { LabelSchema } from '../records/label-schema.ts';
import type { Rules } from '../records/project.ts';

/** A standing submission of one person. */
export interface Standing {
  readonly userId: string;
  readonly annotation: Annotation;
  /** False when they could see others' layers; such a one votes, but never counts for agreement. */
  readonly blind: boolean;
  /** Estimated share of right answers, 0..1 (see `voteWeight`). */
  readonly weight: number;
}

export interface Judgement {
  /** Mean pairwise measure over the blind submissions, 0..1; null under two of them. */
  readonly agreement: number | null;
  /** What all submissions say together; null without any. */
  readonly consensus: Consensus | null;
  /** `more`: ask until there are `target` submissions; `finalize`: settled; `dispute`: a person must decide. */
  readonly verdict: 'more' | 'finalize' | 'dispute';
  readonly target: number;
  /** Why, in words, for the record and the page. */
  readonly reason: string;
}

export interface JudgeInput {
  readonly submissions: readonly Standing[];
  readonly modality: Pick<Modality, 'measure' | 'consensus'>;
  readonly schema: LabelSchema;
  readonly asset: AssetFacts;
  readonly rules: Rules;
}

// Thresholds are compared with this much slack, so that a share of 2/3 meets a bar of 0.6666666667.
const SLACK = 1e-9;

/** What the submissions of one item say together, and what follows. Does not depend on their order. */
export function judge(input: JudgeInput): Judgement {
  const { modality, schema, asset, rules } = input;
  const submissions = [...input.submissions].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const n = submissions.length;
  const agreement = itemAgreement(
    submissions.filter((s) => s.blind).map((s) => s.annotation),
    (a, b) => modality.measure(a, b, asset),
  );
  const consensus =
    n === 0
      ? null
      : modality.consensus(
          submissions.map(({ userId, annotation, weight }) => ({ by: userId, annotation, weight })),
          rules.consensus,
          schema,
          asset,
        );
  if (consensus === null || n < rules.overlap.min)
    return {
      agreement,
      consensus,
      verdict: 'more',
      target: rules.overlap.min,
      reason: `${n} of ${rules.overlap.min} submissions`,
    };
  const lacking = shortfall(submissions, agreement, consensus, rules);
  if (lacking === null)
    return { agreement, consensus, verdict: 'finalize', target: n, reason: consensus.reason };
  if (n < rules.overlap.max)
    return { agreement, consensus, verdict: 'more', target: n + 1, reason: `${lacking}; one more is asked` };
  return {
    agreement,
    consensus,
    verdict: 'dispute',
    target: n,
    reason: `${lacking} after ${n} submissions, the most this project asks for`,
  };
}

/** What keeps the item from being settled by itself; null when nothing does. */
function shortfall(
  submissions: readonly Standing[],
  agreement: number | null,
  consensus: Consensus,
  rules: Rules,
): string | null {
  if (consensus.tie) return `two answers stand equally (${consensus.reason})`;
  if (agreement !== null && agreement < rules.minAgreement - SLACK)
    return `agreement ${percent(agreement)} is below ${percent(rules.minAgreement)}`;
  if (agreement === null && !agreementSpared(submissions, rules))
    return 'fewer than two blind submissions to compare';
  if (consensus.confidence < rules.minConfidence - SLACK)
    return `confidence ${percent(consensus.confidence)} is below ${percent(rules.minConfidence)}`;
  return null;
}

/**
 * Whether an item may be settled without a figure of agreement: where one submission was all that was asked for, and
 * where nobody works blind (an open project), so that there never will be one and the confidence decides alone.
 */
function agreementSpared(submissions: readonly Standing[], rules: Rules): boolean {
  return (rules.overlap.min === 1 && submissions.length === 1) || submissions.every((s) => !s.blind);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

/** Mean of the pairwise measure, 0..1; null under two annotations. */
export function itemAgreement(
  annotations: readonly Annotation[],
  measure: (a: Annotation, b: Annotation) => number,
): number | null {
  if (annotations.length < 2) return null;
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < annotations.length; i++) {
    for (let j = i + 1; j < annotations.length; j++) {
      sum += measure(annotations[i]!, annotations[j]!);
      pairs++;
    }
  }
  return sum / pairs;
}
