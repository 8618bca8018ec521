import { expect, it } from 'vitest';
import { createTopicCounts } from './topics.ts';

it('asks once per topic and gives it back with the last wish', () => {
  const topics = createTopicCounts();
  expect(topics.add('disputes')).toBe(true);
  expect(topics.add('disputes')).toBe(false);
  expect(topics.remove('disputes')).toBe(false);
  expect(topics.all()).toEqual(['disputes']);
  expect(topics.remove('disputes')).toBe(true);
  expect(topics.remove('disputes')).toBe(false);
  expect(topics.all()).toEqual([]);
});
