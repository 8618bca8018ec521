import { expect, it } from 'vitest';
import { fit, inSight, pan, showing, toImage, toStage, zoomAt } from './camera.ts';

const image = { width: 2000, height: 1000 };
const stage = { width: 800, height: 600 };

it('fits the whole image in the middle', () => {
  const camera = fit(image, stage);
  expect(toStage(camera, { x: 1000, y: 500 })).toEqual({ x: 400, y: 300 });
  expect(toStage(camera, { x: 0, y: 0 }).x).toBeGreaterThanOrEqual(0);
});
it('keeps under the pointer what is under the pointer', () => {
  const at = { x: 123, y: 456 };
  const before = fit(image, stage);
  const after = zoomAt(before, at, 3, image, stage);
  expect(toImage(after, at).x).toBeCloseTo(toImage(before, at).x, 9);
  expect(toImage(after, at).y).toBeCloseTo(toImage(before, at).y, 9);
});
it('zooms neither to dust nor beyond forty times', () => {
  let camera = fit(image, stage);
  for (let i = 0; i < 100; i++) camera = zoomAt(camera, { x: 0, y: 0 }, 0.5, image, stage);
  expect(camera.scale).toBeCloseTo(fit(image, stage).scale / 2);
  for (let i = 0; i < 100; i++) camera = zoomAt(camera, { x: 0, y: 0 }, 2, image, stage);
  expect(camera.scale).toBe(40);
});
it('never loses the image out of the stage', () => {
  const far = pan(fit(image, stage), 1e6, -1e6, image, stage);
  expect(far.x).toBeLessThan(stage.width);
  expect(far.y + image.height * far.scale).toBeGreaterThan(0);
});
it('shows on a stage of another form all that somebody else has in sight', () => {
  const theirs = inSight(zoomAt(fit(image, stage), { x: 100, y: 100 }, 4, image, stage), stage);
  expect(theirs.width / theirs.height).toBeCloseTo(stage.width / stage.height);
  const phone = { width: 390, height: 500 };
  const mine = inSight(showing(theirs, phone), phone);
  expect(mine.width).toBeCloseTo(theirs.width);
  expect(mine.height).toBeGreaterThan(theirs.height);
  expect(mine.y + mine.height / 2).toBeCloseTo(theirs.y + theirs.height / 2);
  // On an equal stage it is the same view.
  expect(inSight(showing(theirs, stage), stage).x).toBeCloseTo(theirs.x);
});
