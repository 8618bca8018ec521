import type { Size } from './camera.ts';
import { type Box, moved, resized } from './geometry.ts';

const ways: Readonly<Record<string, readonly [number, number]>> = {
  arrowleft: [-1, 0],
  arrowright: [1, 0],
  arrowup: [0, -1],
  arrowdown: [0, 1],
};

/**
 * What an arrow key makes of the selected box: moved by a pixel, with Shift by ten; with Ctrl its far corner moves
 * instead. Null for other keys.
 */
export function nudge(key: string, box: Box, image: Size): Box | null {
  const parts = key.split('+');
  const way = ways[parts[parts.length - 1] ?? ''];
  if (way === undefined || parts.includes('alt')) return null;
  const step = parts.includes('shift') ? 10 : 1;
  const [dx, dy] = [way[0] * step, way[1] * step];
  if (!parts.includes('ctrl')) return moved(box, dx, dy, image);
  const corner = { x: box.x + Math.max(1, box.width + dx), y: box.y + Math.max(1, box.height + dy) };
  return resized(box, 'se', corner, image);
}
