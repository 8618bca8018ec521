import { type ItemVotes, qualityDelta } from '@concord/core/agreement/project-quality';
import { itemAgreement } from '@concord/core/consensus/settle';
import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { Finalization } from '@concord/core/records/finalization';
import type { Project } from '@concord/core/records/project';
import { type Submission, saidBlind } from '@concord/core/records/submission';
import type { TaskState } from '@concord/core/records/task';

const HOUR_MS = 3_600_000;

/** Amounts by counter key, added up before they are written. Keys are the project's, without its id. */
export class Tally {
  readonly #project: string;
  readonly #amounts = new Map<string, number>();
  constructor(project: string) {
    this.#project = project;
  }
  add(key: string, by: number): void {
    const whole = `${this.#project}/${key}`;
    this.#amounts.set(whole, (this.#amounts.get(whole) ?? 0) + by);
  }
  /** What is not zero. */
  inc(): Record<string, number> {
    return Object.fromEntries([...this.#amounts].filter(([, by]) => by !== 0));
  }
}

/**
 * The item as agreement sees it: what everybody with a standing submission said blind. In one order, so that the same
 * votes are the same sum to the last bit, whichever came last.
 */
export function itemVotes(standing: readonly Submission[], modality: Modality, asset: AssetFacts): ItemVotes {
  const blind = standing
    .flatMap((s) => {
      const said = saidBlind(s);
      return said === null ? [] : [{ userId: s.userId, said }];
    })
    .sort((a, b) => (a.userId < b.userId ? -1 : 1));
  return {
    votes: blind.map(({ userId, said }) => ({
      userId,
      category: modality.category(said),
      classes: modality.classCounts(said),
    })),
    agreement: itemAgreement(
      blind.map(({ said }) => said),
      (a, b) => modality.measure(a, b, asset),
    ),
  };
}

/** Volume, lead times, model acceptance and agreement, for standing submissions that come (`after`) and go (`before`). */
export function countSubmissions(
  tally: Tally,
  before: readonly Submission[],
  after: readonly Submission[],
  modality: Modality,
  asset: AssetFacts,
): void {
  const kept = new Set(before.map((s) => s.id));
  const stays = new Set(after.map((s) => s.id));
  const count = (s: Submission, sign: 1 | -1) => {
    tally.add('submissions', sign);
    tally.add(`by/${s.userId}/submissions`, sign);
    tally.add(`by/${s.userId}/leadMs`, sign * s.leadTimeMs);
    for (const [modelId, taken] of Object.entries(s.taken ?? {})) {
      for (const [how, n] of Object.entries(taken)) tally.add(`model/${modelId}/${how}`, sign * n);
    }
  };
  for (const s of before) if (!stays.has(s.id)) count(s, -1);
  for (const s of after) {
    if (kept.has(s.id)) continue;
    count(s, 1);
    tally.add(`hour/${Math.floor(s.at / HOUR_MS)}/submissions`, 1);
  }
  const delta = qualityDelta(itemVotes(before, modality, asset), itemVotes(after, modality, asset));
  for (const [key, by] of Object.entries(delta)) tally.add(`q/${key}`, by);
}

/** Classes and people's reliability, for a finalization that comes (1) or is taken back (-1). */
export function countFinalization(
  tally: Tally,
  finalization: Finalization,
  sign: 1 | -1,
  modality: Modality,
  asset: AssetFacts,
): void {
  for (const [name, n] of Object.entries(modality.classCounts(finalization.answer)))
    tally.add(`final/${name}`, sign * n);
  if (showsReliability(finalization))
    for (const contribution of finalization.contributions) {
      const said = saidBlind(contribution);
      if (said === null) continue;
      tally.add(`by/${contribution.userId}/settled`, sign);
      if (modality.same(said, finalization.answer, asset)) tally.add(`by/${contribution.userId}/right`, sign);
    }
  if (sign === 1) tally.add(`hour/${Math.floor(finalization.at / HOUR_MS)}/finalized`, 1);
}

/** One person's answer that became the settled one by itself says nothing of that person [CO42]. */
function showsReliability({ contributions, settledBy }: Finalization): boolean {
  return contributions.length > 1 || settledBy.kind !== 'consensus';
}

export function countState(tally: Tally, from: TaskState, to: TaskState): void {
  if (from === to) return;
  tally.add(from, -1);
  tally.add(to, 1);
}

export const tallyOf = (project: Project): Tally => new Tally(project.id);
