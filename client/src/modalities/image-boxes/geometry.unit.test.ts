import { describe, expect, it } from 'vitest';
import { boxBetween, handleAt, moved, pick, resized } from './geometry.ts';
import { nudge } from './nudge.ts';

const image = { width: 100, height: 60 };

describe('boxes on an image', () => {
  it('span two corners in any order and stay inside the image', () => {
    expect(boxBetween({ x: 90, y: 80 }, { x: -5, y: 20 }, image)).toEqual({
      x: 0,
      y: 20,
      width: 90,
      height: 40,
    });
  });
  it('move without leaving the image or changing size', () => {
    expect(moved({ x: 10, y: 10, width: 30, height: 20 }, 500, -500, image)).toEqual({
      x: 70,
      y: 0,
      width: 30,
      height: 20,
    });
  });
  it('resize from a corner, from a side, and through the opposite corner', () => {
    const box = { x: 10, y: 10, width: 20, height: 20 };
    expect(resized(box, 'se', { x: 50, y: 40 }, image)).toEqual({ x: 10, y: 10, width: 40, height: 30 });
    expect(resized(box, 'e', { x: 50, y: 55 }, image)).toEqual({ x: 10, y: 10, width: 40, height: 20 });
    expect(resized(box, 'se', { x: 0, y: 0 }, image)).toEqual({ x: 0, y: 0, width: 10, height: 10 });
  });
  it('keep a side of one pixel when squeezed to nothing', () => {
    expect(resized({ x: 10, y: 10, width: 20, height: 20 }, 'e', { x: 10, y: 0 }, image)).toMatchObject({
      width: 1,
    });
  });
  it('are held by the nearest handle within reach', () => {
    const box = { x: 10, y: 10, width: 40, height: 30 };
    expect(handleAt(box, { x: 51, y: 39 }, 4)).toBe('se');
    expect(handleAt(box, { x: 30, y: 9 }, 4)).toBe('n');
    expect(handleAt(box, { x: 30, y: 25 }, 4)).toBeNull();
  });
  it('are picked smallest first', () => {
    const big = { id: 'big', x: 0, y: 0, width: 100, height: 60 };
    const small = { id: 'small', x: 10, y: 10, width: 20, height: 20 };
    expect(pick([small, big], { x: 15, y: 15 }, 2)?.id).toBe('small');
    expect(pick([small, big], { x: 90, y: 15 }, 2)?.id).toBe('big');
    expect(pick([small], { x: 90, y: 15 }, 2)).toBeNull();
  });
});

describe('arrow keys', () => {
  const box = { x: 10, y: 10, width: 20, height: 20 };
  it('move by one pixel, with Shift by ten', () => {
    expect(nudge('arrowright', box, image)).toMatchObject({ x: 11, y: 10 });
    expect(nudge('shift+arrowup', box, image)).toMatchObject({ x: 10, y: 0 });
  });
  it('size with Ctrl, never below a pixel', () => {
    expect(nudge('ctrl+arrowdown', box, image)).toMatchObject({ width: 20, height: 21 });
    expect(nudge('ctrl+arrowleft', { ...box, width: 1 }, image)).toMatchObject({ width: 1 });
  });
  it('are no business of a box otherwise', () => {
    expect(nudge('a', box, image)).toBeNull();
    expect(nudge('alt+arrowleft', box, image)).toBeNull();
  });
});
