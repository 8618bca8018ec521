import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConcordError } from '@concord/core/errors/concord-error';

/** Says who uses a data folder. */
interface Holder {
  readonly pid: number;
  /** When that process started, as the system counts it, where it says so: a pid may have gone to another. */
  readonly started: string | null;
}

/** A data folder that only this process serves from. */
export interface HeldFolder {
  release(): void;
}

/**
 * Makes the data folder and takes it for this process: two servers on one embedded folder would each believe in
 * their own memory. A holder that is gone (kill -9, power) is taken over from. Throws `conflict` when another server
 * runs on it, `auth.forbidden` when it cannot be written.
 */
export function holdDataFolder(folder: string): HeldFolder {
  const file = join(folder, 'concord.lock');
  try {
    mkdirSync(folder, { recursive: true });
    for (;;) {
      if (tryTake(file)) break;
      const holder = readHolder(file);
      if (holder && holder.pid !== process.pid && isAlive(holder))
        throw new ConcordError(
          'conflict',
          `Another Concord (process ${holder.pid}) runs on ${folder}. Stop it, or choose another folder: --data FOLDER`,
        );
      rmSync(file, { force: true });
    }
  } catch (error) {
    throw folderError(folder, error);
  }
  return {
    release() {
      if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

/** The process that serves from a folder now, or null. */
export function folderHolder(folder: string): number | null {
  const holder = readHolder(join(folder, 'concord.lock'));
  return holder && isAlive(holder) ? holder.pid : null;
}

/** Puts the lock there whole or not at all: written beside, then linked under its name. */
function tryTake(file: string): boolean {
  const holder: Holder = { pid: process.pid, started: startOf(process.pid) };
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(beside, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const started = startOf(holder.pid);
  return holder.started === null || started === null || started === holder.started;
}

/** Start time of a process in clock ticks since boot (Linux); null where the system does not say. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}

function folderError(folder: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
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
