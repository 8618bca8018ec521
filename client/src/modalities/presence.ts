import type { Viewport } from '@concord/core/rooms/presence';

/** Somebody else in the room, as they are shown everywhere. */
export interface Somebody {
  readonly userId: string;
  readonly name: string;
  /** #rrggbb. */
  readonly color: string;
}

/** Where somebody else's pointer is, in the asset's own units. */
export interface Cursor extends Somebody {
  readonly x: number;
  readonly y: number;
}

/** What somebody else has selected, or (`busy`) is changing right now. `id` is the region's as the stage draws it. */
export interface OtherSelection extends Somebody {
  readonly id: string;
  readonly busy: boolean;
}

/** The others on a stage, and telling them about oneself. Signals in the guise of fields. */
export interface StagePresence {
  readonly cursors: readonly Cursor[];
  readonly selections: readonly OtherSelection[];
  /** What is to be in sight, while somebody is followed. */
  readonly follow: Viewport | null;
  /** Where the pointer is; null when it is nowhere. */
  readonly onPointer: (at: { x: number; y: number } | null) => void;
  readonly onViewport: (viewport: Viewport) => void;
  /** This person moved what is in sight themselves: following ends. */
  readonly onMoved: () => void;
  /** This person takes hold of a region or an answer of the layer they edit, or (null) lets go. */
  readonly onBusy: (id: string | null) => void;
  /** Who is changing this region or answer now, so that others leave it alone for the moment. */
  readonly heldBy: (id: string) => Somebody | null;
  /** Says that it was left alone. */
  readonly onHeldBack: (holder: Somebody) => void;
}

/** On a stage that is only looked at. */
export const nobodyElse: StagePresence = {
  cursors: [],
  selections: [],
  follow: null,
  onPointer: () => {},
  onViewport: () => {},
  onMoved: () => {},
  onBusy: () => {},
  heldBy: () => null,
  onHeldBack: () => {},
};

/** What stands for the free text of an answer where regions have their id. */
export const answerPlace = (key: string): string => `answer:${key}`;
