import type { LayerId } from '../records/ids.ts';
import type { RoomState } from './state.ts';
import { isBlind, maySee, mayWrite, type SeeingRules, type Viewer } from './visibility.ts';

/** Where somebody is and what they are about; see `roomPresence` in protocol/rooms.ts. Absent fields did not change. */
export interface PresenceFields {
  readonly cursor?: { readonly x: number; readonly y: number } | null | undefined;
  readonly viewport?: Viewport | null | undefined;
  readonly selection?: readonly string[] | undefined;
  readonly busy?: string | null | undefined;
}
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The layer that a selected or busy thing is on: `<layer>/<region>`, or a bare region id on the layer its sender edits. */
export function layerOfPlace(place: string, sender: Viewer): LayerId {
  const slash = place.indexOf('/');
  if (slash >= 0) return place.slice(0, slash) as LayerId;
  return sender.mode === 'review' ? 'consensus' : sender.userId;
}

/**
 * What a viewer is sent of somebody's presence [RM35]; null when nothing. Where somebody looks and points follows what
 * they see, so the blind are told of reviewers only that they are here, and what they select on layers the blind see.
 */
export function presenceFor(
  viewer: Viewer,
  sender: Viewer,
  { cursor, viewport, selection, busy }: PresenceFields,
  rules: SeeingRules,
  state: RoomState,
): PresenceFields | null {
  const blind = isBlind(viewer, rules, state);
  if (blind && sender.mode !== 'review') return null;
  const visible = (place: string) => maySee(viewer, layerOfPlace(place, sender), rules, state);
  // Only what somebody may change can be held by them.
  const holds = (place: string) => visible(place) && mayWrite(sender, layerOfPlace(place, sender), rules);
  return {
    ...(blind || cursor === undefined ? {} : { cursor }),
    ...(blind || viewport === undefined ? {} : { viewport }),
    ...(selection === undefined ? {} : { selection: selection.filter(visible) }),
    ...(busy === undefined ? {} : { busy: busy !== null && holds(busy) ? busy : null }),
  };
}
