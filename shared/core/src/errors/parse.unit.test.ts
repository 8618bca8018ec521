import { expect, it } from 'vitest';
import { z } from 'zod';
import { ConcordError } from './concord-error.ts';
import { parseInput } from './parse.ts';

it.each([
  [z.string().min(1), '', 'Give at least 1 character.'],
  [z.string().max(2), 'abc', 'Give at most 2 characters.'],
  [z.array(z.number()).min(2), [1], 'Give at least 2 entries.'],
  [z.number().max(10), 11, 'Give at most 10.'],
  [z.enum(['a', 'b']), 'c', 'Use one of: a, b.'],
  [z.number(), 'x', 'Give a number.'],
])('names the remedy with what it counts', (field, value, remedy) => {
  try {
    parseInput(z.object({ field }), { field: value }, 'input');
  } catch (error) {
    expect(error).toBeInstanceOf(ConcordError);
    expect((error as ConcordError).errors[0]).toMatchObject({ path: 'field', remedy });
    return;
  }
  throw new Error('it was taken');
});

it('repeats no password and no token', () => {
  const schema = z.object({ name: z.string().min(3), password: z.string().min(10), apiToken: z.string() });
  try {
    parseInput(schema, { name: 'ab', password: 'short', apiToken: 7 }, 'body');
  } catch (error) {
    const { errors } = error as ConcordError;
    expect(errors.map((e) => [e.path, 'value' in e])).toEqual([
      ['name', true],
      ['password', false],
      ['apiToken', false],
    ]);
    expect(JSON.stringify(errors)).not.toContain('short');
    return;
  }
  throw new Error('it was taken');
});
