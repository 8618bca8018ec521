import type { Annotation, Region } from '../records/annotation.ts';
import type { Json } from '../records/json.ts';

/** Weights of votes as used by a method: `majority` counts everybody once. Never 0, so that a lone vote is still a vote. */
export function votingWeight(weight: number, method: 'majority' | 'weighted'): number {
  return method === 'majority' ? 1 : Math.max(weight, 0.01);
}

/** One thing that may be in the consensus. */
export interface Candidate {
  readonly region: Omit<Region, 'id'>;
  /** Share of the votes' weight that holds it. */
  readonly share: number;
}

const HALF = 0.5;
const TIE = 1e-9;

/** Candidates that more than half of the weight holds stand; exactly half is a tie, and falls. */
export function settleCandidates(candidates: readonly Candidate[]): {
  readonly kept: readonly Candidate[];
  readonly confidence: number;
  readonly tie: boolean;
} {
  const kept = candidates.filter((candidate) => candidate.share > HALF + TIE);
  const tie = candidates.some((candidate) => Math.abs(candidate.share - HALF) <= TIE);
  if (candidates.length === 0) return { kept, confidence: 1, tie };
  const total = candidates
    .map((candidate) => (candidate.share > HALF + TIE ? candidate.share : 1 - candidate.share))
    .reduce((sum, share) => sum + share, 0);
  return { kept, confidence: Math.min(1, total / candidates.length), tie };
}

/** Numbered ids that depend only on the regions' order: `c0001`, … */
export function withConsensusIds(candidates: readonly Candidate[]): Region[] {
  return candidates.map((candidate, i) => ({
    ...candidate.region,
    id: `c${String(i + 1).padStart(4, '0')}`,
    score: Math.min(1, candidate.share),
  }));
}

/** JSON with sorted keys: two values are equal exactly when these are. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const record = value as Readonly<Record<string, Json>>;
    return `{${Object.keys(record)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(record[key]!)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

/** What an annotation says, apart from its regions' ids, scores and where they came from. */
export function contentOf(annotation: Annotation): string {
  const regions = annotation.regions
    .map((region) =>
      canonical({
        kind: region.kind,
        label: region.label,
        shape: region.shape,
        attrs: region.attrs ?? {},
      }),
    )
    .sort();
  return `${canonical(annotation.answers)}${regions.join('')}`;
}

/** The regions without what belongs to one person's way of making them. */
function impersonal(annotation: Annotation): Annotation {
  const bare = annotation.regions.some((region) => region.from !== undefined);
  if (!bare) return annotation;
  return { ...annotation, regions: annotation.regions.map(({ from: _from, ...region }) => region) };
}

/** When all votes say the same, that answer as it stands (with the ids of the first voter by id); else null. */
export function unanimous(
  votes: readonly { readonly by: string; readonly annotation: Annotation }[],
): Annotation | null {
  const [first, ...rest] = [...votes].sort((a, b) => (a.by < b.by ? -1 : 1));
  if (first === undefined) return null;
  const content = contentOf(first.annotation);
  if (!rest.every((vote) => contentOf(vote.annotation) === content)) return null;
  return rest.length === 0 || rest.every((vote) => vote.annotation === first.annotation)
    ? first.annotation
    : impersonal(first.annotation);
}

/** Answers to whole-asset questions that everybody gave alike. */
export function sharedAnswers(annotations: readonly Annotation[]): Record<string, Json> {
  const [first, ...rest] = annotations;
  const shared: Record<string, Json> = {};
  for (const [key, value] of Object.entries(first?.answers ?? {})) {
    if (
      rest.every(
        (other) => other.answers[key] !== undefined && canonical(other.answers[key]) === canonical(value),
      )
    )
      shared[key] = value;
  }
  return shared;
}
