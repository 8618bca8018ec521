import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recordKey } from './record.ts';

it('[VC2] keys sort as text in the order of the tasks’ numbers', () => {
  const number = fc.integer({ min: 1, max: 9_999_999_999 });
  fc.assert(
    fc.property(
      fc.uniqueArray(number, { minLength: 2, maxLength: 20 }),
      fc.constantFrom('tsk_a', 'tsk_zz'),
      (numbers, task) => {
        const keys = numbers.map((seq) => recordKey(seq, task)).sort();
        expect(keys).toEqual(numbers.sort((a, b) => a - b).map((seq) => recordKey(seq, task)));
      },
    ),
  );
  expect(recordKey(42, 'tsk_x')).toBe('0000000042/tsk_x');
});
