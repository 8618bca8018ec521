import { expect, it } from 'vitest';
import { taskFilterOf } from './task-filter.ts';

it('reads the filter from the address and leaves out what is not valid', () => {
  expect(taskFilterOf({ state: 'disputed', q: 'tea', from: '120', answer: '' })).toEqual({
    state: 'disputed',
    q: 'tea',
    from: 120,
  });
  expect(taskFilterOf({ state: 'lost', from: '-1', q: ['a', 'b'] })).toEqual({});
});
