import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, boxIou, matchBoxes } from './boxes.ts';

const size = fc.double({ min: 0, max: 100, noNaN: true });
const box: fc.Arbitrary<Box> = fc.record({
  x: size,
  y: size,
  width: size,
  height: size,
  label: fc.constantFrom('bus', 'car'),
});

describe('boxes', () => {
  it('[AG20] IoU is symmetric to the last bit, within 0..1, and 1 for equal boxes with area', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const iou = boxIou(a, b);
        expect(iou).toBe(boxIou(b, a));
        expect(iou).toBeGreaterThanOrEqual(0);
        expect(iou).toBeLessThanOrEqual(1);
        expect(boxIou(a, a)).toBe(a.width * a.height > 0 ? 1 : 0);
      }),
    );
  });

  it('[AG20] sizes at the ends of what a number holds give 0 or 1, never NaN', () => {
    const speck: Box = { x: 0, y: 0, width: 5e-324, height: 5e-324, label: 'car' };
    expect(boxIou(speck, { ...speck, height: 1e-323 })).toBe(0);
    const vast: Box = { x: 0, y: 0, width: 1e200, height: 1e200, label: 'car' };
    expect(boxIou(vast, { ...vast, width: 2e200 })).toBe(0);
  });

  it('[AG20] boxes without area match nothing, not even themselves', () => {
    const flat: Box = { x: 1, y: 1, width: 5, height: 0, label: 'car' };
    expect(matchBoxes([flat], [flat], 0)).toEqual({ pairs: [], score: 0, f1: 0, meanIou: null });
  });

  it('[AG21] a different label or a lower IoU is no match', () => {
    const car: Box = { x: 0, y: 0, width: 10, height: 10, label: 'car' };
    expect(matchBoxes([car], [{ ...car, label: 'bus' }], 0.5).score).toBe(0);
    // Half of the box overlaps: IoU 1/3.
    expect(matchBoxes([car], [{ ...car, x: 5 }], 0.5).score).toBe(0);
    expect(matchBoxes([car], [{ ...car, x: 5 }], 0.3).score).toBeCloseTo(1 / 3, 12);
  });

  it('[AG22] unmatched boxes of either side lower the score; nothing against nothing is 1', () => {
    const car: Box = { x: 0, y: 0, width: 10, height: 10, label: 'car' };
    const other: Box = { x: 50, y: 50, width: 10, height: 10, label: 'car' };
    expect(matchBoxes([car], [car, other], 0.5).score).toBe(0.5);
    expect(matchBoxes([car, other], [car], 0.5).score).toBe(0.5);
    expect(matchBoxes([], [car], 0.5).score).toBe(0);
    expect(matchBoxes([], [], 0.5).score).toBe(1);
  });
});
