import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ConcordError } from '@concord/core/errors/concord-error';
import { openFileLock } from '@concord/platform/adapters/sqlite/file-lock';

const lockOf = (folder: string) => join(folder, 'server.lock');
/** For people: says who holds the lock. It may lie; the lock does not. */
const holderOf = (folder: string) => join(folder, 'server.pid');
/** For whoever just looks at the lock to be done with it. */
const patienceMs = 500;

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** A data folder that only this process serves from. */
export interface HeldFolder {
  release(): void;
}

/**
 * Makes the data folder and takes it for this process: two servers on one embedded folder would each believe in
 * their own memory. The lock ends with its holder (kill -9, power). Others on this machine may not read the folder.
 * Throws `conflict` when another server runs on it, `auth.forbidden` when it cannot be written.
 */
export function holdDataFolder(folder: string): HeldFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    keepPrivate(folder);
    const lock = openFileLock(lockOf(folder), patienceMs);
    if (!lock.tryTake()) {
      lock.close();
      throw new ConcordError(
        'conflict',
        `Another Concord (${nameOf(readHolder(folder))}) runs on ${folder}. Stop it, or choose another folder: --data FOLDER`,
      );
    }
    const holder: Holder = { pid: process.pid, host: hostname() };
    writeFileSync(holderOf(folder), JSON.stringify(holder), { mode: 0o600 });
    return {
      release() {
        rmSync(holderOf(folder), { force: true });
        lock.close();
      },
    };
  } catch (error) {
    throw folderError(folder, error);
  }
}

/** Who serves from a folder now (`process 123`), or null. */
export function folderHolder(folder: string): string | null {
  if (!existsSync(lockOf(folder))) return null;
  const lock = openFileLock(lockOf(folder));
  const free = lock.tryTake();
  lock.close();
  return free ? null : nameOf(readHolder(folder));
}

/** A folder made by hand, or before this was so, is closed to others; one that is not ours is its owner's affair. */
function keepPrivate(folder: string): void {
  if ((statSync(folder).mode & 0o077) === 0) return;
  try {
    chmodSync(folder, 0o700);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
  }
}

function readHolder(folder: string): Holder | null {
  try {
    return JSON.parse(readFileSync(holderOf(folder), 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function nameOf(holder: Holder | null): string {
  if (holder === null) return 'another process';
  return `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`}`;
}

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

function folderError(folder: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code !== null && /^(EACCES|EPERM|EROFS|SQLITE_CANTOPEN|SQLITE_READONLY)/.test(code))
    return new ConcordError(
      'auth.forbidden',
      `The data folder ${folder} cannot be written. Give yourself the right to, or choose another: --data FOLDER`,
      [],
      { cause: error },
    );
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new ConcordError('input.invalid', `${folder} is not a folder. Choose another: --data FOLDER`, [], {
      cause: error,
    });
  if (code === 'ENOSPC')
    return new ConcordError('overloaded', `No space is left for the data folder ${folder}.`, [], {
      cause: error,
    });
  return error;
}
