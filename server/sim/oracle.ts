import type { Annotation } from '@concord/core/records/annotation';
import type { Project } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';

/**
 * What follows from the votes on one item, made again from the words of consensus/SPEC.md by plain counting and none of the
 * server's arithmetic. By majority it is exact; where votes are weighed, it says only what holds whatever the weights.
 */
export type Expected = 'more' | 'finalize' | 'dispute';

/** A person's standing submission, and what they last said blind. */
export interface Voice {
  readonly said: Annotation;
  readonly blind: Annotation | null;
}

/** What an annotation says: its class, or its spans. Both are sets of words here. */
function wordsOf(annotation: Annotation): ReadonlySet<string> {
  const chosen = annotation.answers['label'] ?? annotation.answers['choice'];
  if (chosen !== undefined) return new Set([String(chosen)]);
  return new Set(annotation.regions.map(({ label, shape }) => `${shape['start']}-${shape['end']} ${label}`));
}

/** Twice what both have over what either has; two that have nothing are alike. For classes: equal or not. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((word) => b.has(word)).length;
  return a.size + b.size === 0 ? 1 : (2 * both) / (a.size + b.size);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean likeness of each two; null under two. */
export function expectedAgreement(annotations: readonly Annotation[]): number | null {
  const words = annotations.map(wordsOf);
  const pairs = words.flatMap((a, i) => words.slice(i + 1).map((b) => likeness(a, b)));
  return pairs.length === 0 ? null : mean(pairs);
}

interface Together {
  readonly words: ReadonlySet<string>;
  readonly undecided: boolean;
  readonly sure: number;
}

/** What most say. One class: the one with most votes, if it is alone there. Spans: each by more than half. */
function together(annotations: readonly Annotation[], oneClass: boolean): Together {
  const words = annotations.map(wordsOf);
  const votes = new Map<string, number>();
  for (const word of words.flatMap((set) => [...set])) votes.set(word, (votes.get(word) ?? 0) + 1);
  if (oneClass) {
    const most = Math.max(...votes.values());
    const first = [...votes].filter(([, n]) => n === most).map(([word]) => word);
    return {
      words: new Set(first.slice(0, 1)),
      undecided: first.length > 1,
      sure: most / words.length,
    };
  }
  const kept = new Set([...votes].filter(([, n]) => 2 * n > words.length).map(([word]) => word));
  return {
    words: kept,
    undecided: [...votes.values()].some((n) => 2 * n === words.length),
    sure: mean(words.map((own) => likeness(own, kept))),
  };
}

const SLACK = 1e-9;
/** From this likeness on two sets of spans are the same answer. */
const SAME = 0.8;

/** What may follow: one verdict by majority, those that are possible otherwise. */
export function expectedVerdicts(project: Project, voices: readonly Voice[]): readonly Expected[] {
  const { overlap, minAgreement, minConfidence, consensus } = project.rules;
  const n = voices.length;
  if (n < overlap.min) return ['more'];
  const otherwise: Expected = n < overlap.max ? 'more' : 'dispute';
  const blind = voices.flatMap((voice) => voice.blind ?? []);
  const agreement = expectedAgreement(blind);
  const alone = n === 1 && overlap.min === 1;
  const open = project.visibility === 'open';
  if (n === overlap.min && agreement !== null && agreement < minAgreement - SLACK) return [otherwise];
  if (agreement === null && !alone && !open) return [otherwise];
  if (consensus === 'weighted') return ['finalize', otherwise];

  const oneClass = project.schema.modality !== 'text-spans';
  const settles = ({ undecided, sure }: Together) => !undecided && sure >= minConfidence - SLACK;
  const all = together(
    voices.map((voice) => voice.said),
    oneClass,
  );
  if (!settles(all)) return [otherwise];
  if (alone || open) return ['finalize'];
  const byBlind = together(blind, oneClass);
  const alike = likeness(all.words, byBlind.words) >= (oneClass ? 1 : SAME);
  return [settles(byBlind) && alike ? 'finalize' : otherwise];
}

/** What people said blind last, of those whose submission stands: from all submissions of one task, in any order. */
export function voicesOf(submissions: readonly Submission[]): (Voice & { readonly userId: string })[] {
  const inOrder = [...submissions].sort((a, b) => a.roomSeq - b.roomSeq);
  return inOrder
    .filter(({ state }) => state === 'standing')
    .map(({ userId, annotation }) => ({
      userId,
      said: annotation,
      blind: inOrder.findLast((s) => s.userId === userId && s.blind)?.annotation ?? null,
    }));
}
