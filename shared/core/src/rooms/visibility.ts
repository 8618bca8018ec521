import type { LayerId, UserId } from '../records/ids.ts';
import type { Visibility } from '../records/project.ts';
import { hasContent, hasWordsOfOthers, isModelLayer, isPersonLayer } from './layer.ts';
import type { ClientOp } from './op.ts';
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
  return isBlindWhen(viewer, rules, hasSubmitted(viewer.userId, state));
}

/** The same for who does not hold the room: `submitted` says whether a submission of the viewer's stands. */
export function isBlindWhen(viewer: Viewer, rules: SeeingRules, submitted: boolean): boolean {
  if (viewer.mode === 'review' || rules.visibility === 'open') return false;
  return rules.visibility === 'blind' || !submitted;
}

export function hasSubmitted(userId: UserId, state: RoomState): boolean {
  return (state.layers[userId]?.submitted ?? null) !== null;
}

/** Whether this viewer may see this layer now. The one rule every way to a layer's content goes through. */
export function maySee(viewer: Viewer, layer: LayerId, rules: SeeingRules, state: RoomState): boolean {
  return maySeeWhen(viewer, layer, rules, hasSubmitted(viewer.userId, state));
}

/** The same for who does not hold the room; as `isBlindWhen`. */
export function maySeeWhen(viewer: Viewer, layer: LayerId, rules: SeeingRules, submitted: boolean): boolean {
  if (viewer.mode === 'review' || layer === viewer.userId) return true;
  if (isModelLayer(layer)) return rules.suggestions;
  return !isBlindWhen(viewer, rules, submitted);
}

export function visibleLayers(viewer: Viewer, rules: SeeingRules, state: RoomState): LayerId[] {
  return (Object.keys(state.layers) as LayerId[]).filter((layer) => maySee(viewer, layer, rules, state));
}

/** Whether what this viewer sees now holds another person's (or the group's) content, so that they are blind no longer. */
export function seesOthers(viewer: Viewer, rules: SeeingRules, state: RoomState): boolean {
  if (hasWordsOfOthers(state.layers[viewer.userId], viewer.userId)) return true;
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

/** Whether this viewer may put this op on this layer as the room stands. */
export function mayPut(
  viewer: Viewer,
  layer: LayerId,
  op: ClientOp,
  rules: SeeingRules,
  state: RoomState,
): boolean {
  if (op.t === 'hand')
    return layer === viewer.userId
      ? viewer.mode === 'annotate'
      : viewer.mode === 'review' && !op.raised && state.layers[layer] !== undefined;
  if (mayWrite(viewer, layer, rules)) return true;
  if (op.t !== 'comment' && op.t !== 'resolve') return false;
  return (
    state.layers[layer] !== undefined && mayComment(viewer, layer, rules, (id) => hasSubmitted(id, state))
  );
}

/**
 * Whether this viewer may comment on a person's layer that is not theirs to change. Words on a layer are shown to its
 * owner, so colleagues only may where the owner is not blind; who reviews always may, and the owner is exposed by it.
 */
export function mayComment(
  viewer: Viewer,
  layer: LayerId,
  rules: SeeingRules,
  submitted: (userId: UserId) => boolean,
): boolean {
  if (!isPersonLayer(layer)) return false;
  if (viewer.mode === 'review') return true;
  const owner: Viewer = { userId: layer as UserId, mode: 'annotate' };
  return (
    maySeeWhen(viewer, layer, rules, submitted(viewer.userId)) &&
    !isBlindWhen(owner, rules, submitted(owner.userId))
  );
}

/**
 * Whether a comment on this layer would tell its blind owner who else works on the task. `working` are all who do;
 * who writes is no secret any more, since their words are shown.
 */
export function namesTheHidden(
  op: ClientOp,
  layer: LayerId,
  working: readonly UserId[],
  rules: SeeingRules,
  state: RoomState,
): boolean {
  if (op.t !== 'comment' || op.mentions === undefined || !isPersonLayer(layer)) return false;
  const owner: Viewer = { userId: layer as UserId, mode: 'annotate' };
  if (!isBlind(owner, rules, state)) return false;
  return op.mentions.some((id) => id !== layer && (working.includes(id) || state.layers[id] !== undefined));
}
