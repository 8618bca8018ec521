import { type Candidate, matchCandidates } from './assignment.ts';

/** An axis-aligned box in pixels, origin at the top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
}

/** Intersection over union, 0..1. Boxes without area overlap nothing. Symmetric to the last bit, never NaN. */
export function boxIou(a: Omit<Box, 'label'>, b: Omit<Box, 'label'>): number {
  // Sides so short that their product is 0 in a double count as no area.
  const [areaA, areaB] = [a.width * a.height, b.width * b.height];
  if (!(a.width > 0 && b.width > 0 && areaA > 0 && areaB > 0)) return 0;
  // Exactly equal boxes would lose a bit in the subtraction below.
  if (a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height) return 1;
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  const union = areaA + areaB - shared;
  return Number.isFinite(union) && union > 0 ? Math.min(1, shared / union) : 0;
}

/** Overlap of two segments of time, 0..1; 0 where both are empty. */
export function intervalIou(a: readonly [number, number], b: readonly [number, number]): number {
  const shared = Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0]));
  const union = Math.max(0, a[1] - a[0]) + Math.max(0, b[1] - b[0]) - shared;
  return union > 0 ? shared / union : 0;
}

export interface BoxMatch {
  /** `[index in a, index in b, IoU]`, in order of a. */
  readonly pairs: readonly (readonly [number, number, number])[];
  /** Sum of matched IoU over matched + unmatched boxes of both; 1 when both are empty. */
  readonly score: number;
  /** Null when both are empty. */
  readonly f1: number | null;
  /** Over the pairs; null without any. */
  readonly meanIou: number | null;
}

// Among matchings of equal total the one with more pairs is taken, so that the score does not hang on the boxes' order.
const PAIR_BONUS = 1e-9;

/** Matches boxes of equal label with IoU >= `threshold` so that the total IoU is largest. */
export function matchBoxes(a: readonly Box[], b: readonly Box[], threshold: number): BoxMatch {
  if (a.length === 0 && b.length === 0) return { pairs: [], score: 1, f1: null, meanIou: null };
  const candidates: Candidate[] = [];
  a.forEach((left, i) => {
    b.forEach((right, j) => {
      if (left.label !== right.label) return;
      const iou = boxIou(left, right);
      if (iou > 0 && iou >= threshold) candidates.push({ left: i, right: j, weight: iou + PAIR_BONUS });
    });
  });
  const pairs = matchCandidates(candidates).map(
    (c) => [c.left, c.right, boxIou(a[c.left]!, b[c.right]!)] as const,
  );
  // Summed from small to large: the same bits whichever side comes first.
  const total = pairs
    .map((pair) => pair[2])
    .sort((x, y) => x - y)
    .reduce((sum, iou) => sum + iou, 0);
  return {
    pairs,
    score: total / (a.length + b.length - pairs.length),
    f1: (2 * pairs.length) / (a.length + b.length),
    meanIou: pairs.length === 0 ? null : total / pairs.length,
  };
}
