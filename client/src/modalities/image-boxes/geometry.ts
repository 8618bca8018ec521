import type { Point, Size } from './camera.ts';

/** A box in image pixels, origin at the top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a box is held: a corner or the middle of a side. */
export type Handle = 'nw' | 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w';
export const handles: readonly Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

/** Smallest side of a box, in image pixels. */
export const smallestSide = 1;

/** Tenths of a pixel: finer than any hand, and it keeps numbers short. */
const round = (value: number): number => Math.round(value * 10) / 10;
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The box between two corners in any order, within the image. */
export function boxBetween(a: Point, b: Point, image: Size): Box {
  const x1 = clamp(Math.min(a.x, b.x), 0, image.width);
  const y1 = clamp(Math.min(a.y, b.y), 0, image.height);
  const x2 = clamp(Math.max(a.x, b.x), 0, image.width);
  const y2 = clamp(Math.max(a.y, b.y), 0, image.height);
  const x = round(x1);
  const y = round(y1);
  return {
    x,
    y,
    width: round(Math.min(round(x2), image.width) - x),
    height: round(Math.min(round(y2), image.height) - y),
  };
}

/** The box moved as a whole, kept within the image. */
export function moved(box: Box, dx: number, dy: number, image: Size): Box {
  return {
    x: round(clamp(box.x + dx, 0, image.width - box.width)),
    y: round(clamp(box.y + dy, 0, image.height - box.height)),
    width: box.width,
    height: box.height,
  };
}

export function handlePoint(box: Box, handle: Handle): Point {
  const x = handle.includes('w') ? 0 : handle.includes('e') ? 1 : 0.5;
  const y = handle.includes('n') ? 0 : handle.includes('s') ? 1 : 0.5;
  return { x: box.x + box.width * x, y: box.y + box.height * y };
}

/** The box with one handle taken to `to`; a side pulled past its opposite turns the box over. */
export function resized(box: Box, handle: Handle, to: Point, image: Size): Box {
  const left = handle.includes('w') ? to.x : box.x;
  const right = handle.includes('e') ? to.x : box.x + box.width;
  const top = handle.includes('n') ? to.y : box.y;
  const bottom = handle.includes('s') ? to.y : box.y + box.height;
  const next = boxBetween({ x: left, y: top }, { x: right, y: bottom }, image);
  const width = Math.max(smallestSide, next.width);
  const height = Math.max(smallestSide, next.height);
  return {
    x: Math.min(next.x, round(image.width - width)),
    y: Math.min(next.y, round(image.height - height)),
    width,
    height,
  };
}

export function contains(box: Box, p: Point): boolean {
  return p.x >= box.x && p.x <= box.x + box.width && p.y >= box.y && p.y <= box.y + box.height;
}

/** The handle under a point, where it lies within `reach` image pixels. */
export function handleAt(box: Box, p: Point, reach: number): Handle | null {
  let best: Handle | null = null;
  let nearest = reach;
  for (const handle of handles) {
    const at = handlePoint(box, handle);
    const distance = Math.max(Math.abs(at.x - p.x), Math.abs(at.y - p.y));
    if (distance <= nearest) {
      nearest = distance;
      best = handle;
    }
  }
  return best;
}

/** What a click means: of the boxes that hold the point (give or take `reach`), the smallest. */
export function pick<B extends Box>(boxes: readonly B[], p: Point, reach: number): B | null {
  let best: B | null = null;
  for (const box of boxes) {
    const grown = {
      x: box.x - reach,
      y: box.y - reach,
      width: box.width + 2 * reach,
      height: box.height + 2 * reach,
    };
    if (!contains(grown, p)) continue;
    if (best === null || box.width * box.height < best.width * best.height) best = box;
  }
  return best;
}
