import { setTimeout as sleep } from 'node:timers/promises';
import { ConcordError } from '@concord/core/errors/concord-error';
import { type FileLock, openFileLock } from '../sqlite/file-lock.ts';

const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 2;

/** Runs `work` while nobody else on this machine runs under the same lock. Throws `overloaded` when it never becomes free. */
export type WithLock = <T>(work: () => Promise<T>) => Promise<T>;

/** A lock that ends with its holder: one that was killed holds nobody up. What is done under it takes milliseconds. */
export function createFileLock(file: string): { readonly run: WithLock; close(): void } {
  let opened: FileLock | null = null;
  /** Those of this process wait in line; between processes the file decides. */
  let line: Promise<unknown> = Promise.resolve();

  async function take(): Promise<FileLock> {
    opened ??= openFileLock(file);
    const end = performance.now() + PATIENCE_MS;
    while (!opened.tryTake()) {
      if (performance.now() > end) throw new ConcordError('overloaded', `${file} stays locked.`);
      await sleep(LOOK_AGAIN_MS);
    }
    return opened;
  }
  async function locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = await take();
    try {
      return await work();
    } finally {
      lock.release();
    }
  }
  return {
    run(work) {
      const result = line.then(() => locked(work));
      line = result.catch(() => {});
      return result;
    },
    close: () => opened?.close(),
  };
}
