import type { Asset } from '@concord/core/records/asset';
import { expect, it } from 'vitest';
import { pictureInSight, textInSight } from './in-sight.ts';

const text = { data: { prompt: 'x'.repeat(50), a: 'y'.repeat(50), score: 7 } } as unknown as Asset;
const picture = { data: {}, blob: { width: 200, height: 100 } } as unknown as Asset;

it('says which part of a text is in sight', () => {
  expect(textInSight({ x: 0, y: 0, width: 100, height: 0 }, text)).toBe('sees the whole text');
  expect(textInSight({ x: 40, y: 0, width: 22, height: 0 }, text)).toBe('reads 40–62%');
  expect(textInSight({ x: 90, y: 0, width: 300, height: 0 }, text)).toBe('reads 90–100%');
  expect(textInSight({ x: 0, y: 0, width: 1, height: 0 }, { data: {} } as Asset)).toBe('');
});

it('says how much of a picture is in sight, whatever lies beside it', () => {
  expect(pictureInSight({ x: -50, y: -50, width: 300, height: 200 }, picture)).toBe('sees the whole picture');
  expect(pictureInSight({ x: 0, y: 0, width: 100, height: 50 }, picture)).toBe('sees 25% of the picture');
  expect(pictureInSight({ x: 150, y: 0, width: 100, height: 100 }, picture)).toBe('sees 25% of the picture');
});
