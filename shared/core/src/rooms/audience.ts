import type { LayerId, UserId } from '../records/ids.ts';
import { isModelLayer } from './layer.ts';
import type { RoomState } from './state.ts';
import { isBlind, type SeeingRules, type Viewer } from './visibility.ts';

/**
 * Who sees the same layers of a room: those who review, those who are blind no longer, or one blind person alone.
 * What is sent is encoded once for each audience, and being in one is all that decides what reaches a connection.
 */
export type Audience = 'review' | 'open' | UserId;

export function audienceOf(viewer: Viewer, rules: SeeingRules, state: RoomState): Audience {
  if (viewer.mode === 'review') return 'review';
  return isBlind(viewer, rules, state) ? viewer.userId : 'open';
}

/** `maySee` for everybody in an audience at once. */
export function audienceSees(audience: Audience, layer: LayerId, rules: SeeingRules): boolean {
  if (audience === 'review' || layer === audience) return true;
  if (isModelLayer(layer)) return rules.suggestions;
  return audience === 'open';
}
