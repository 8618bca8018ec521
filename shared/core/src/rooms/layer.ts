import type { Annotation } from '../records/annotation.ts';
import type { LayerId, UserId } from '../records/ids.ts';
import type { Json } from '../records/json.ts';
import type { LayerState } from './state.ts';

/** A layer nobody has touched. */
export function emptyLayer(layer: LayerId): LayerState {
  return {
    layer,
    lseq: 0,
    regions: {},
    deleted: {},
    answers: {},
    comments: [],
    hand: null,
    submitted: null,
    version: 0,
  };
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What the layer says about the asset: regions sorted by id, answers by name, those taken back left out. */
export function annotationOf(layer: LayerState): Annotation {
  const regions = Object.keys(layer.regions)
    .sort(byText)
    .map((id) => layer.regions[id]!.region);
  const answers: Record<string, Json> = {};
  for (const key of Object.keys(layer.answers).sort(byText)) {
    const value = layer.answers[key]!.value;
    if (value !== null) answers[key] = value;
  }
  return { regions, answers };
}

/**
 * Whether the layer says anything that would tell another person something: a region, an answer, a comment, the words
 * of a raised hand, or a submission (an empty one says that there is nothing to mark).
 */
export function hasContent(layer: LayerState | undefined): boolean {
  if (layer === undefined) return false;
  if (layer.submitted !== null || (layer.hand !== null && layer.hand.text !== '')) return true;
  if (layer.comments.length > 0 || Object.keys(layer.regions).length > 0) return true;
  return Object.values(layer.answers).some((answer) => answer.value !== null);
}

/** Whether somebody else wrote a comment on this layer: what its owner is shown of another person. */
export function hasWordsOfOthers(layer: LayerState | undefined, owner: UserId): boolean {
  return layer?.comments.some((comment) => comment.by !== owner) ?? false;
}

/** Annotations in the one order they are stored and compared in. */
export function sortedAnnotation(annotation: Annotation): Annotation {
  const answers: Record<string, Json> = {};
  for (const key of Object.keys(annotation.answers).sort(byText)) {
    const value = annotation.answers[key];
    if (value !== undefined && value !== null) answers[key] = value;
  }
  return { regions: [...annotation.regions].sort((a, b) => byText(a.id, b.id)), answers };
}

export const isModelLayer = (layer: LayerId): boolean => layer.startsWith('mdl_');
export const isPersonLayer = (layer: LayerId): boolean => layer.startsWith('usr_');
