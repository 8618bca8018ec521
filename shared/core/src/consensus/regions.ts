import type { Annotation, Region } from '../records/annotation.ts';
import type { Json } from '../records/json.ts';

/** Weights of votes as used by a method: `majority` counts everybody once. Never 0, so that a lone vote is still a vote. */
export function votingWeight(weight: number, method: 'majority' | 'weighted'): number {
  return method === 'majority' ? 1 : Math.max(weight, 0.01);
}

/** One thing that may be in the consensus. */
export interface Candidate {
  readonly region: Omit<Region, 'id'>;
  /** Who holds it, by user id. */
  readonly holders: readonly string[];
}

/** One person's vote, as far as regions are counted. */
export interface RegionVoter {
  readonly by: string;
  readonly weight: number;
  /** How many regions they gave. */
  readonly given: number;
}

/** A candidate that stands. */
export interface Kept {
  readonly region: Omit<Region, 'id'>;
  /** Share of the votes' weight that holds it. */
  readonly share: number;
}

const HALF = 0.5;
const TIE = 1e-9;

/**
 * Candidates that more than half of the weight holds stand; exactly half is a tie, and falls. The confidence is how far
 * people are at one with what stands: the mean, by weight, of the F1 of their regions against it.
 */
export function settleCandidates(
  voters: readonly RegionVoter[],
  candidates: readonly Candidate[],
): { readonly kept: readonly Kept[]; readonly confidence: number; readonly tie: boolean } {
  const weights = new Map(voters.map(({ by, weight }) => [by, weight]));
  const total = voters.reduce((sum, { weight }) => sum + weight, 0);
  const kept: Kept[] = [];
  const hits = new Map<string, number>();
  let tie = false;
  for (const { region, holders } of candidates) {
    const share = holders.reduce((sum, by) => sum + weights.get(by)!, 0) / total;
    tie ||= Math.abs(share - HALF) <= TIE;
    if (share <= HALF + TIE) continue;
    kept.push({ region, share });
    for (const by of holders) hits.set(by, (hits.get(by) ?? 0) + 1);
  }
  const sure = voters.reduce((sum, { by, weight, given }) => {
    const regions = given + kept.length;
    return sum + weight * (regions === 0 ? 1 : (2 * (hits.get(by) ?? 0)) / regions);
  }, 0);
  return { kept, confidence: Math.min(1, sure / total), tie };
}

/** Numbered ids that depend only on the regions' order: `c0001`, … */
export function withConsensusIds(kept: readonly Kept[]): Region[] {
  return kept.map(({ region, share }, i) => ({
    ...region,
    id: `c${String(i + 1).padStart(4, '0')}`,
    score: Math.min(1, share),
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
