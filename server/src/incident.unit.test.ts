import { ConcordError } from '@concord/core/errors/concord-error';
import type { Logger } from '@concord/platform/observability/logger';
import { createSeededRandomness } from '@concord/platform/testing/random-seeded';
import { expect, it } from 'vitest';
import { tellProblem } from './incident.ts';

function platformWithLog() {
  const logged: object[] = [];
  const logger = { error: (fields: object) => logged.push(fields) } as unknown as Logger;
  return { logged, platform: { logger, random: createSeededRandomness(1) } };
}

it.each([
  new TypeError('secret.path is undefined'),
  new ConcordError('internal', 'the disk of host-7 is full'),
])('[PR10] what is our fault is logged under an incident id, and the id is all that is told: %s', (error) => {
  const { logged, platform } = platformWithLog();
  const problem = tellProblem(platform, error, 'room:ops');
  expect(problem).toMatchObject({ code: 'internal', status: 500, retry: true });
  expect(JSON.stringify(problem)).not.toContain(error.message);
  const id = problem.errors[0]?.value;
  expect(id).toMatch(/^inc_/);
  expect(logged).toEqual([{ err: error, what: 'room:ops', incident: id }]);
});

it('[PR10] what is the sender’s fault is told to them and logged nowhere', () => {
  const { logged, platform } = platformWithLog();
  const error = new ConcordError('input.invalid', 'n: too small', [
    { path: 'n', message: 'too small', value: 0 },
  ]);
  expect(tellProblem(platform, error, 'room:ops')).toMatchObject({
    detail: 'n: too small',
    errors: [{ value: 0 }],
  });
  expect(logged).toEqual([]);
});
