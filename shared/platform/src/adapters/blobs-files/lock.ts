import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConcordError } from '@concord/core/errors/concord-error';

/** A holder that has not finished after this long died: what is done under the lock takes milliseconds. */
const STALE_MS = 10_000;
const PATIENCE_MS = 20_000;

/** Runs `work` while no other process runs under the same lock file. Throws `overloaded` when it never becomes free. */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return null;
      throw error;
    });
    if (handle !== null) {
      await handle.close();
      break;
    }
    const age = await stat(file).then(
      (s) => Date.now() - s.mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(file, { force: true });
    else if (performance.now() > end) throw new ConcordError('overloaded', `${file} stays locked.`);
    else await sleep(2);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
