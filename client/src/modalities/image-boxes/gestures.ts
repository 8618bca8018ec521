import type { Point, Size } from './camera.ts';
import { type Box, boxBetween, contains, type Handle, handleAt, moved, pick, resized } from './geometry.ts';
import type { DrawnBox } from './scene.ts';

/** What the pointer is about while it is down. Points in image pixels. */
export type Gesture =
  | { readonly kind: 'press'; readonly from: Point; readonly hit: string | null; readonly mayDraw: boolean }
  | { readonly kind: 'draw'; readonly from: Point; readonly to: Point }
  | {
      readonly kind: 'move';
      readonly id: string;
      readonly from: Point;
      readonly start: Box;
      readonly group: string;
    }
  | {
      readonly kind: 'resize';
      readonly id: string;
      readonly handle: Handle;
      readonly start: Box;
      readonly group: string;
    };

/** What a gesture asks the stage to do. */
export type Effect =
  | { readonly kind: 'shape'; readonly id: string; readonly box: Box; readonly group: string }
  | { readonly kind: 'create'; readonly box: Box }
  | { readonly kind: 'select'; readonly id: string | null };

export interface Situation {
  readonly boxes: readonly DrawnBox[];
  readonly image: Size;
  /** Image pixels that a pointer may be off. */
  readonly reach: number;
  readonly editable: boolean;
  /** Whether a drag on free ground makes a new box. */
  readonly canDraw: boolean;
}

/** Pressing: a handle of the selected box resizes it, its inside moves it, anything else draws or selects. */
export function press(s: Situation, at: Point, forceDraw: boolean, group: string): Gesture {
  const chosen = s.boxes.find((b) => b.selected && b.kind === 'own');
  if (chosen !== undefined && s.editable && !forceDraw) {
    const handle = handleAt(chosen, at, s.reach * 1.6);
    const start = { x: chosen.x, y: chosen.y, width: chosen.width, height: chosen.height };
    if (handle !== null) return { kind: 'resize', id: chosen.id, handle, start, group };
    if (contains(chosen, at)) return { kind: 'move', id: chosen.id, from: at, start, group };
  }
  const mine = s.boxes.filter((b) => b.kind !== 'other');
  const hit = pick(mine, at, s.reach) ?? pick(s.boxes, at, s.reach);
  return { kind: 'press', from: at, hit: hit?.id ?? null, mayDraw: s.editable && s.canDraw };
}

/** Moving with the pointer down. `far` says that it went farther than a shaky click does. */
export function drag(
  s: Situation,
  gesture: Gesture,
  at: Point,
  far: boolean,
): { readonly gesture: Gesture; readonly effect: Effect | null } {
  switch (gesture.kind) {
    case 'press':
      if (!far || !gesture.mayDraw) return { gesture, effect: null };
      return { gesture: { kind: 'draw', from: gesture.from, to: at }, effect: null };
    case 'draw':
      return { gesture: { ...gesture, to: at }, effect: null };
    case 'move': {
      const box = moved(gesture.start, at.x - gesture.from.x, at.y - gesture.from.y, s.image);
      return { gesture, effect: far ? { kind: 'shape', id: gesture.id, box, group: gesture.group } : null };
    }
    case 'resize': {
      const box = resized(gesture.start, gesture.handle, at, s.image);
      return { gesture, effect: far ? { kind: 'shape', id: gesture.id, box, group: gesture.group } : null };
    }
  }
}

/** Letting go. A box under three screen pixels was a slip and is not made; `reach` is about six. */
export function release(s: Situation, gesture: Gesture, far: boolean, at: Point): Effect | null {
  if (gesture.kind === 'press') return { kind: 'select', id: gesture.hit };
  if (gesture.kind === 'draw') {
    const box = boxBetween(gesture.from, gesture.to, s.image);
    return Math.min(box.width, box.height) < s.reach / 2 ? null : { kind: 'create', box };
  }
  if (far) return null;
  // A click inside the selected box goes to a smaller one within it, where there is one.
  const inner = pick(
    s.boxes.filter((b) => b.kind !== 'other' && !b.selected),
    at,
    0,
  );
  return inner !== null && inner.width * inner.height < gesture.start.width * gesture.start.height
    ? { kind: 'select', id: inner.id }
    : null;
}

/** The mouse pointer that says what a press would do. */
export function pointerFor(s: Situation, at: Point): string {
  const chosen = s.boxes.find((b) => b.selected && b.kind === 'own');
  if (chosen !== undefined && s.editable) {
    const handle = handleAt(chosen, at, s.reach * 1.6);
    if (handle !== null) {
      const turned = { nw: 'nwse', se: 'nwse', ne: 'nesw', sw: 'nesw', n: 'ns', s: 'ns', e: 'ew', w: 'ew' };
      return `${turned[handle]}-resize`;
    }
    if (contains(chosen, at)) return 'move';
  }
  return s.editable && s.canDraw ? 'crosshair' : 'default';
}
