import { expect, it } from 'vitest';
import { parseInput } from '../errors/parse.ts';
import { annotation } from './annotation.ts';
import { deepestJson, json, jsonProblem } from './json.ts';

/** `n` lists in each other. */
const nested = (n: number): unknown => JSON.parse(`${'['.repeat(n)}${']'.repeat(n)}`);

it('takes what JSON can say, as deep as it may be', () => {
  for (const value of ['', 0, -1.5, true, null, [], {}, [{ a: [null, { b: '' }] }], nested(deepestJson)])
    expect(json.parse(value)).toEqual(value);
});

it.each([
  [undefined],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [new Date(0)],
  [new Map()],
  [() => 0],
  [[1, undefined]],
  [{ a: 1n }],
])('refuses %s', (value) => {
  expect(jsonProblem(value)?.message).toBe('is no JSON value');
});

it.each([deepestJson + 1, 1540, 200_000])('refuses %i levels by name, without an overflow', (depth) => {
  const region = { id: 'r', kind: 'span', label: 'a', shape: {}, attrs: { d: nested(depth) } };
  expect(() => parseInput(annotation, { regions: [region], answers: {} }, 'body')).toThrow(
    expect.objectContaining({
      code: 'input.invalid',
      errors: [
        {
          path: 'regions.0.attrs.d',
          message: 'is nested more than 32 levels deep',
          value: '[array]',
          remedy: 'Put at most 32 lists and objects inside each other.',
        },
      ],
    }),
  );
});
