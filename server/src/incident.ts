import { type Problem, toProblem } from '@concord/core/errors/concord-error';
import type { Platform } from './platform.ts';

/**
 * What a client is told of a failure outside HTTP (whose answers carry `x-request-id`). Where it is our fault the log has
 * the cause under an incident id, and the client is given that id.
 */
export function tellProblem(
  { logger, random }: Pick<Platform, 'logger' | 'random'>,
  error: unknown,
  what: string,
): Problem {
  const problem = toProblem(error);
  if (problem.code !== 'internal') return problem;
  const incident = `inc_${random.token(9)}`;
  logger.error({ err: error, what, incident }, 'a client could not be served');
  const remedy = 'Try again; if it happens again, name this to whoever runs the server.';
  return {
    ...problem,
    errors: [{ path: 'incident', message: 'the log has the cause under this', value: incident, remedy }],
  };
}
