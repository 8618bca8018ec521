/** A box in pixels of the original image. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export type Grip = 'nw' | 'ne' | 'sw' | 'se';
export const grips: readonly Grip[] = ['nw', 'ne', 'sw', 'se'];

export function boxOf(shape: Readonly<Record<string, unknown>>): Box {
  return {
    x: Number(shape['x']),
    y: Number(shape['y']),
    width: Number(shape['width']),
    height: Number(shape['height']),
  };
}

/** The box between two corners, inside the image, in whole pixels. */
export function boxBetween(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  width: number,
  height: number,
): Box {
  const clamp = (v: number, most: number) => Math.round(Math.min(most, Math.max(0, v)));
  const [x1, x2] = [clamp(Math.min(ax, bx), width), clamp(Math.max(ax, bx), width)];
  const [y1, y2] = [clamp(Math.min(ay, by), height), clamp(Math.max(ay, by), height)];
  return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
}

export function moved(box: Box, dx: number, dy: number, width: number, height: number): Box {
  return {
    ...box,
    x: Math.round(Math.min(width - box.width, Math.max(0, box.x + dx))),
    y: Math.round(Math.min(height - box.height, Math.max(0, box.y + dy))),
  };
}

export function cornerOf(box: Box, grip: Grip): { x: number; y: number } {
  return {
    x: box.x + (grip.endsWith('e') ? box.width : 0),
    y: box.y + (grip.startsWith('s') ? box.height : 0),
  };
}

export function resized(box: Box, grip: Grip, x: number, y: number, width: number, height: number): Box {
  const opposite = cornerOf(
    box,
    `${grip.startsWith('s') ? 'n' : 's'}${grip.endsWith('e') ? 'w' : 'e'}` as Grip,
  );
  return boxBetween(opposite.x, opposite.y, x, y, width, height);
}

/** The smallest box under a point; the top one is what a person means. */
export function hit<T extends { readonly box: Box }>(
  items: readonly T[],
  x: number,
  y: number,
): T | undefined {
  return items
    .filter(({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
    .sort((a, b) => a.box.width * a.box.height - b.box.width * b.box.height)[0];
}
