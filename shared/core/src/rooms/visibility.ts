import type { LayerId, UserId } from '../records/ids.ts';
import type { Visibility } from '../records/project.ts';
import { hasContent, isModelLayer, isPersonLayer } from './layer.ts';
import type { RoomState } from './state.ts';

/** Somebody in the room, or asking for what is in it. */
export interface Viewer {
  readonly userId: UserId;
  readonly mode: 'annotate' | 'review';
}

/** What of the project decides who sees what. */
export interface SeeingRules {
  readonly visibility: Visibility;
  readonly suggestions: boolean;
}

/** Whether others' layers are hidden from this viewer now. */
export function isBlind(viewer: Viewer, rules: SeeingRules, state: RoomState): boolean {
  if (viewer.mode === 'review' || rules.visibility === 'open') return false;
  if (rules.visibility === 'blind') return true;
  return !hasSubmitted(viewer.userId, state);
}

export function hasSubmitted(userId: UserId, state: RoomState): boolean {
  return (state.layers[userId]?.submitted ?? null) !== null;
}

/** Whether this viewer may see this layer now. The one rule every way to a layer's content goes through. */
export function maySee(viewer: Viewer, layer: LayerId, rules: SeeingRules, state: RoomState): boolean {
  if (viewer.mode === 'review' || layer === viewer.userId) return true;
  if (isModelLayer(layer)) return rules.suggestions;
  return !isBlind(viewer, rules, state);
}

export function visibleLayers(viewer: Viewer, rules: SeeingRules, state: RoomState): LayerId[] {
  return (Object.keys(state.layers) as LayerId[]).filter((layer) => maySee(viewer, layer, rules, state));
}

/** Whether what this viewer sees now holds another person's (or the group's) content, so that they are blind no longer. */
export function seesOthers(viewer: Viewer, rules: SeeingRules, state: RoomState): boolean {
  return visibleLayers(viewer, rules, state).some(
    (id) => id !== viewer.userId && (isPersonLayer(id) || id === 'consensus') && hasContent(state.layers[id]),
  );
}

/** Whether a submission made now is blind: its author could not see others' work at any time since the room began. */
export function isBlindSubmission(userId: UserId, state: RoomState): boolean {
  return state.exposed[userId] === undefined;
}

/** Whether this viewer may write to this layer: their own, and the group's where it is theirs to edit. */
export function mayWrite(viewer: Viewer, layer: LayerId, rules: SeeingRules): boolean {
  if (layer === viewer.userId) return viewer.mode === 'annotate';
  return layer === 'consensus' && (viewer.mode === 'review' || rules.visibility === 'open');
}
