import type { Annotation } from '../records/annotation.ts';
import type { LayerId } from '../records/ids.ts';
import { sameJson } from './same-json.ts';

/** How one person took one model's suggestions. */
export interface Taken {
  readonly accepted: number;
  readonly edited: number;
  readonly rejected: number;
}

/**
 * Compares what a model suggested with what a person then submitted. A suggested region is accepted when a
 * submitted region says it came `from` it with the same label and shape, edited when it came from it but differs,
 * rejected when none did. A suggested answer is accepted when the submitted answer equals it, else rejected;
 * how it came about does not matter. A suggestion without regions and answers is one claim that there is nothing:
 * it counts nowhere.
 */
export function takenOf(model: LayerId, suggestion: Annotation, submitted: Annotation): Taken {
  const taken = { accepted: 0, edited: 0, rejected: 0 };
  const bySource = new Map(submitted.regions.flatMap((r) => (r.from === undefined ? [] : [[r.from, r]])));
  for (const suggested of suggestion.regions) {
    const mine = bySource.get(`${model}/${suggested.id}`);
    if (mine === undefined) taken.rejected += 1;
    else if (mine.label === suggested.label && sameJson(mine.shape, suggested.shape)) taken.accepted += 1;
    else taken.edited += 1;
  }
  for (const [key, value] of Object.entries(suggestion.answers))
    taken[sameJson(submitted.answers[key], value) ? 'accepted' : 'rejected'] += 1;
  return taken;
}
