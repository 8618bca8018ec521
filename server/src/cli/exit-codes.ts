import { type ErrorCode, isConcordError } from '@concord/core/errors/concord-error';
import { ProblemError } from './api-client.ts';

/** What `concord` exits with. 3, 4 and 8 come from `serve` alone. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  portTaken: 3,
  dataFolder: 4,
  unreachable: 5,
  refused: 6,
  notFound: 7,
  diskFailed: 8,
} as const;

export const exitCodesHelp = `
Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 port taken, 4 data folder not usable,
            5 no server reached, 6 not signed in or not allowed, 7 not found, 8 the disk failed while serving.`;

/** The server did not answer at all. */
export class UnreachableError extends Error {}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UnreachableError) return exitCodes.unreachable;
  if (error instanceof ProblemError) return ofCode(error.problem.code);
  return isConcordError(error) ? ofCode(error.code) : exitCodes.failed;
}

function ofCode(code: ErrorCode): number {
  if (code.startsWith('auth.')) return exitCodes.refused;
  if (code.startsWith('input.')) return exitCodes.usage;
  return code === 'not_found' ? exitCodes.notFound : exitCodes.failed;
}
