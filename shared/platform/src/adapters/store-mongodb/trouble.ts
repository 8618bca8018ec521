import { ConcordError } from '@concord/core/errors/concord-error';
import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { NoAnswer } from './within.ts';

/** Codes of a server that goes, comes, or has no time now: the same call may succeed later. */
const passingCodes = new Set<unknown>([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  43, // CursorNotFound
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  112, // WriteConflict
  134, // ReadConcernMajorityNotAvailableYet
  189, // PrimarySteppedDown
  246, // SnapshotUnavailable
  251, // NoSuchTransaction
  262, // ExceededTimeLimit
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
]);

/** Whether the same call may succeed later, when the server is back or others are done. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof MongoError)) return error instanceof NoAnswer || isSocketError(error);
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  // The driver wraps whatever stops a bulk write, a lost connection too; what a server said has a number.
  if (error instanceof MongoBulkWriteError && typeof error.code !== 'number') return true;
  const labelled = ['TransientTransactionError', 'RetryableWriteError'].some((l) => error.hasErrorLabel(l));
  return labelled || passingCodes.has(error.code);
}

/** The driver lets through what a socket throws when it is written to after its other end has gone. */
function isSocketError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(E[A-Z]+|ERR_(STREAM|SOCKET)_[A-Z_]+)$/.test(code);
}

export const isConflict = (error: unknown): boolean => error instanceof MongoError && error.code === 112;

/** Whether a server that is well lost the transaction: others wanted the same documents, or it was started anew in between. */
export const isLostTransaction = (error: unknown): boolean =>
  isConflict(error) || (error instanceof MongoError && error.code === 251);

export const isDuplicate = (error: unknown): boolean => error instanceof MongoError && error.code === 11_000;

/**
 * Whether a commit that failed surely left nothing. Only the server can say so: a driver labels what it could not send as
 * transient too, although an earlier try of the same commit may have arrived.
 */
export const surelyAborted = (error: unknown): boolean =>
  error instanceof MongoServerError && error.hasErrorLabel('TransientTransactionError');

export function overloaded(cause: unknown): ConcordError {
  return new ConcordError(
    'overloaded',
    'The database does not answer. Nothing of this was written; try again.',
    [],
    { cause },
  );
}

/** What went wrong, in a line without addresses that may hold a password. */
export function lineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\/\/[^@/\s]*@/g, '//…@').split('\n')[0] ?? '';
}
