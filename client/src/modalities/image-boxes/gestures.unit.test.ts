import { expect, it } from 'vitest';
import { drag, press, release, type Situation } from './gestures.ts';
import type { DrawnBox } from './scene.ts';

const box = (id: string, x: number, selected = false): DrawnBox => ({
  id,
  kind: 'own',
  color: '#000000',
  tag: '',
  dashed: false,
  differs: false,
  selected,
  x,
  y: 10,
  width: 40,
  height: 40,
});
const situation = (...boxes: DrawnBox[]): Situation => ({
  boxes,
  image: { width: 400, height: 300 },
  reach: 4,
  editable: true,
  canDraw: true,
});

it('a click selects what lies under it, a click beside it lets go', () => {
  const s = situation(box('a', 10), box('b', 100));
  expect(release(s, press(s, { x: 120, y: 30 }, false, 'g'), false, { x: 120, y: 30 })).toEqual({
    kind: 'select',
    id: 'b',
  });
  expect(release(s, press(s, { x: 300, y: 30 }, false, 'g'), false, { x: 300, y: 30 })).toEqual({
    kind: 'select',
    id: null,
  });
});
it('a drag draws, also across a box that is not selected', () => {
  const s = situation(box('a', 10));
  const first = press(s, { x: 20, y: 20 }, false, 'g');
  const { gesture } = drag(s, first, { x: 90, y: 80 }, true);
  expect(release(s, gesture, true, { x: 90, y: 80 })).toEqual({
    kind: 'create',
    box: { x: 20, y: 20, width: 70, height: 60 },
  });
});
it('a drag inside the selected box moves it; with Shift it draws', () => {
  const s = situation(box('a', 10, true));
  const moving = press(s, { x: 30, y: 30 }, false, 'g');
  expect(drag(s, moving, { x: 50, y: 35 }, true).effect).toEqual({
    kind: 'shape',
    id: 'a',
    group: 'g',
    box: { x: 30, y: 15, width: 40, height: 40 },
  });
  expect(press(s, { x: 30, y: 30 }, true, 'g').kind).toBe('press');
});
it('a handle of the selected box resizes it', () => {
  const s = situation(box('a', 10, true));
  expect(press(s, { x: 50, y: 50 }, false, 'g')).toMatchObject({ kind: 'resize', handle: 'se' });
});
it('a slip of the hand makes no box', () => {
  const s = situation();
  const { gesture } = drag(s, press(s, { x: 20, y: 20 }, false, 'g'), { x: 21, y: 90 }, true);
  expect(release(s, gesture, true, { x: 21, y: 90 })).toBeNull();
});
it('nothing changes where nothing may be edited', () => {
  const s = { ...situation(box('a', 10, true)), editable: false };
  const first = press(s, { x: 30, y: 30 }, false, 'g');
  expect(drag(s, first, { x: 90, y: 90 }, true)).toEqual({ gesture: first, effect: null });
});
