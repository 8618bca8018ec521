import type { AssetFacts, Modality } from '../modalities/modality.ts';
import type { Annotation, Region } from '../records/annotation.ts';
import type { LabelSchema } from '../records/label-schema.ts';

/** A made-up person: how good they are and how fast. */
export interface BotProfile {
  /** Probability, 0..1, that one decision (an answer; keeping, placing and naming a region) is right. */
  readonly skill: number;
  /** How far right regions are off, as a share of the numbers in their shape; 0: to the point. */
  readonly jitter?: number;
  /** Mean time for one item, milliseconds. */
  readonly paceMs?: number;
}

export interface BotWork {
  readonly modality: Modality;
  readonly schema: LabelSchema;
  readonly asset: AssetFacts;
  /** What a perfect annotator would say. */
  readonly truth: Annotation;
}

export interface BotAnswer {
  readonly annotation: Annotation;
  readonly leadTimeMs: number;
}

const RETRIES = 20;

/**
 * What this person makes of an item. Always valid for the schema and the asset; with skill 1 and no jitter exactly the
 * truth. Pure: `random` (uniform in [0, 1)) is the only source of chance, so a seed replays a whole team.
 */
export function annotateAsBot(profile: BotProfile, work: BotWork, random: () => number): BotAnswer {
  const annotation =
    work.modality.category(work.truth) === null && work.truth.regions.length + regionsOf(work, random) > 0
      ? botRegions(profile, work, random)
      : botAnswer(profile, work, random);
  // Between half and one and a half times the usual pace, right or wrong.
  return { annotation, leadTimeMs: Math.round((profile.paceMs ?? 4000) * (0.5 + random())) };
}

/** Whether this kind of work has regions at all, for an item whose truth is empty. */
function regionsOf(work: BotWork, random: () => number): number {
  for (let i = 0; i < RETRIES; i++) {
    const made = work.modality.arbitrary(random, work.schema, work.asset).regions.length;
    if (made > 0) return made;
  }
  return 0;
}

/** One decision: the truth, or with what is left of the skill another valid annotation. */
function botAnswer(profile: BotProfile, work: BotWork, random: () => number): Annotation {
  if (random() < profile.skill) return work.truth;
  for (let i = 0; i < RETRIES; i++) {
    const other = work.modality.arbitrary(random, work.schema, work.asset);
    if (!work.modality.same(other, work.truth, work.asset)) return other;
  }
  return work.truth;
}

/** Each region is a decision of its own: missed, misnamed or misplaced by mistake; now and then one is invented. */
function botRegions(profile: BotProfile, work: BotWork, random: () => number): Annotation {
  const regions: Region[] = [];
  for (const region of work.truth.regions) {
    if (random() < profile.skill) regions.push(moved(region, profile.jitter ?? 0, work, random));
    else {
      const mistake = random();
      if (mistake < 0.4) continue;
      if (mistake < 0.7) regions.push(renamed(region, work, random));
      else regions.push(moved(region, 0.5, work, random));
    }
  }
  if (random() < (1 - profile.skill) / 2) {
    const invented = work.modality.arbitrary(random, work.schema, work.asset).regions[0];
    if (invented !== undefined) regions.push({ ...invented, id: freeId(regions) });
  }
  return { regions, answers: work.truth.answers };
}

function freeId(regions: readonly Region[]): string {
  let n = regions.length + 1;
  while (regions.some((region) => region.id === `bot${n}`)) n++;
  return `bot${n}`;
}

function renamed(region: Region, work: BotWork, random: () => number): Region {
  const others = work.schema.classes.map((c) => c.name).filter((name) => name !== region.label);
  const label = others[Math.floor(random() * others.length)];
  return label === undefined ? region : { ...region, label };
}

/** The region with the numbers of its shape a little off, whole numbers staying whole; as it was when nothing else fits. */
function moved(region: Region, jitter: number, work: BotWork, random: () => number): Region {
  if (jitter <= 0) return region;
  const numbers = Object.values(region.shape).filter((value) => typeof value === 'number');
  const spread = Math.max(2, Math.max(...numbers) - Math.min(...numbers)) * jitter;
  for (let i = 0; i < RETRIES; i++) {
    const shape = Object.fromEntries(
      Object.entries(region.shape).map(([key, value]) => {
        if (typeof value !== 'number') return [key, value];
        const off = value + (random() * 2 - 1) * spread;
        return [key, Number.isInteger(value) ? Math.round(off) : off];
      }),
    );
    const other = { ...region, shape };
    if (work.modality.checkRegion(other, work.schema, work.asset).length === 0) return other;
  }
  return region;
}
