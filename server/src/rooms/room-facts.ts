import { isConcordError } from '@concord/core/errors/concord-error';
import type { ClientOp, LogEntry } from '@concord/core/rooms/op';

/** Whether an op may call people: whom depends on who works on the task when it is written. */
export const callsPeople = ({ t }: ClientOp): boolean => t === 'comment' || t === 'hand';

/** Whether an entry goes with another state of the task. */
export const movesTask = ({ op }: LogEntry): boolean =>
  ['submit', 'withdraw', 'decide', 'finalize', 'dispute', 'reopen'].includes(op.t);

/** Whether a write was refused because a record moved since it was read, so that planning again helps. */
export function lostRace(error: unknown): boolean {
  return isConcordError(error, 'conflict') && ['rev', 'id'].includes(error.errors[0]?.path ?? '');
}
