import { expect, it } from 'vitest';
import { verdictOf } from './agreement-words.ts';

it('judges by the usual bounds and never judges nothing', () => {
  expect([0.9, 0.8, 0.667, 0.66, -0.2].map((v) => verdictOf(v)?.level)).toEqual([
    'good',
    'good',
    'fair',
    'poor',
    'poor',
  ]);
  expect(verdictOf(null)).toBeNull();
});
