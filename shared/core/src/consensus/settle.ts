import type { AssetFacts, Consensus, Modality } from '../modalities/modality.ts';
import type { Annotation } from '../records/annotation.ts';
import type { LabelSchema } from '../records/label-schema.ts';
import { overlapOf, type Rules, type Visibility } from '../records/project.ts';

/** A standing submission of one person. */
export interface Standing {
  readonly userId: string;
  readonly annotation: Annotation;
  /** What they said before they saw others' work: this annotation or an earlier one; null for who never answered blind. */
  readonly blind: Annotation | null;
  /** Estimated share of right answers, 0..1 (see `voteWeight`). */
  readonly weight: number;
}

export interface Judgement {
  /** Mean pairwise measure over what was said blind, 0..1; null under two of them. */
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
  readonly modality: Pick<Modality, 'measure' | 'consensus' | 'same'>;
  readonly schema: LabelSchema;
  readonly asset: AssetFacts;
  readonly rules: Rules;
  readonly visibility: Visibility;
  /** Submissions that a lead asked for at the least, beside the rules. */
  readonly least?: number | undefined;
}

// Thresholds are compared with this much slack, so that a share of 2/3 meets a bar of 0.6666666667.
const SLACK = 1e-9;

/** What the submissions of one item say together, and what follows. Does not depend on their order. */
export function judge(input: JudgeInput): Judgement {
  const { modality, asset } = input;
  const submissions = [...input.submissions].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const n = submissions.length;
  const { min, max } = overlapOf(input.rules, input.least);
  const agreement = itemAgreement(
    submissions.flatMap((s) => s.blind ?? []),
    (a, b) => modality.measure(a, b, asset),
  );
  const consensus = n === 0 ? null : together(input, submissions);
  if (consensus === null || n < min)
    return { agreement, consensus, verdict: 'more', target: min, reason: `${n} of ${min} submissions` };
  const lacking = shortfall(input, submissions, agreement, consensus);
  if (lacking === null)
    return { agreement, consensus, verdict: 'finalize', target: n, reason: consensus.reason };
  if (n < max)
    return { agreement, consensus, verdict: 'more', target: n + 1, reason: `${lacking}; one more is asked` };
  return {
    agreement,
    consensus,
    verdict: 'dispute',
    target: n,
    reason: `${lacking} after ${n} submissions, the most this project asks for`,
  };
}

function together(
  { modality, rules, schema, asset }: JudgeInput,
  voters: readonly Omit<Standing, 'blind'>[],
): Consensus {
  const votes = voters.map(({ userId, annotation, weight }) => ({ by: userId, annotation, weight }));
  return modality.consensus(votes, rules.consensus, schema, asset);
}

/** What keeps the item from being settled by itself; null when nothing does. */
function shortfall(
  input: JudgeInput,
  submissions: readonly Standing[],
  agreement: number | null,
  consensus: Consensus,
): string | null {
  const { rules, visibility } = input;
  const n = submissions.length;
  if (consensus.tie) return `two answers stand equally (${consensus.reason})`;
  // Whoever was asked beyond the least number was asked because the first disagreed: that is not held against them.
  if (agreement !== null && n <= rules.overlap.min && agreement < rules.minAgreement - SLACK)
    return `agreement ${percent(agreement)} is below ${percent(rules.minAgreement)}`;
  const alone = n === 1 && rules.overlap.min === 1;
  if (agreement === null && !alone && visibility !== 'open')
    return 'fewer than two blind submissions to compare';
  if (consensus.confidence < rules.minConfidence - SLACK)
    return `confidence ${percent(consensus.confidence)} is below ${percent(rules.minConfidence)}`;
  return alone || visibility === 'open' ? null : shortfallBlind(input, submissions, consensus);
}

/** Who saw others may correct themselves, but settles nothing by it: what was said blind must come to the same answer. */
function shortfallBlind(
  input: JudgeInput,
  submissions: readonly Standing[],
  consensus: Consensus,
): string | null {
  if (submissions.every((s) => s.blind === s.annotation)) return null;
  const { modality, asset, rules } = input;
  const blind = together(
    input,
    submissions.flatMap((s) => (s.blind === null ? [] : [{ ...s, annotation: s.blind }])),
  );
  const said = `of what was said blind (${blind.reason})`;
  if (blind.tie) return `two answers stand equally ${said}`;
  if (blind.confidence < rules.minConfidence - SLACK)
    return `confidence ${percent(blind.confidence)} ${said} is below ${percent(rules.minConfidence)}`;
  return modality.same(consensus.annotation, blind.annotation, asset)
    ? null
    : `the answer is not that ${said}`;
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
