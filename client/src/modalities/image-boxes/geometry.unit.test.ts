import { describe, expect, it } from 'vitest';
import { boxBetween, hit, moved, resized } from './geometry.ts';

describe('boxes on an image', () => {
  it('spans two corners in any order and stays inside the image', () => {
    expect(boxBetween(90, 80, -5, 20, 100, 60)).toEqual({ x: 0, y: 20, width: 90, height: 40 });
  });
  it('moves without leaving the image or changing size', () => {
    expect(moved({ x: 10, y: 10, width: 30, height: 20 }, 500, -500, 100, 100)).toEqual({
      x: 70,
      y: 0,
      width: 30,
      height: 20,
    });
  });
  it('resizes from a corner, through the opposite one too', () => {
    const box = { x: 10, y: 10, width: 20, height: 20 };
    expect(resized(box, 'se', 50, 40, 100, 100)).toEqual({ x: 10, y: 10, width: 40, height: 30 });
    expect(resized(box, 'se', 0, 0, 100, 100)).toEqual({ x: 0, y: 0, width: 10, height: 10 });
  });
  it('takes the smallest box under the pointer', () => {
    const items = [
      { id: 'big', box: { x: 0, y: 0, width: 100, height: 100 } },
      { id: 'small', box: { x: 10, y: 10, width: 20, height: 20 } },
    ];
    expect(hit(items, 15, 15)?.id).toBe('small');
    expect(hit(items, 200, 15)).toBeUndefined();
  });
});
