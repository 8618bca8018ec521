import { type Box, matchBoxes } from '../../agreement/boxes.ts';
import type { Annotation } from '../../records/annotation.ts';
import { boxesOf } from './check.ts';

/** Boxes of equal label below this IoU are different boxes. */
export const MATCH_IOU = 0.5;

export function compareBoxes(a: Box, b: Box): number {
  return (
    a.x - b.x ||
    a.y - b.y ||
    a.width - b.width ||
    a.height - b.height ||
    (a.label < b.label ? -1 : a.label > b.label ? 1 : 0)
  );
}

function compareLists(a: readonly Box[], b: readonly Box[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareBoxes(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/**
 * Sum of matched IoU over matched and unmatched boxes, under the matching with the largest total; two without boxes: 1.
 * Both sides are put in a fixed order first, so that neither their order nor the boxes' moves a bit of it.
 */
export function measureBoxes(a: Annotation, b: Annotation): number {
  const left = boxesOf(a).sort(compareBoxes);
  const right = boxesOf(b).sort(compareBoxes);
  return compareLists(left, right) <= 0
    ? matchBoxes(left, right, MATCH_IOU).score
    : matchBoxes(right, left, MATCH_IOU).score;
}
