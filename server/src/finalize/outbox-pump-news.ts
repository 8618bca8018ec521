import type { Platform } from '../platform.ts';

const READ = 200;
const AGAIN_MS = 5_000;

/**
 * Tells the pages about new versions as the worker announces them. Nothing durable: it begins with what comes after
 * the start, and a page that missed something sees it at its next load.
 */
export function createVersionNews(platform: Platform): { start(): void; stop(): void } {
  const { bus, live, clock } = platform;
  const logger = platform.logger.child({ part: 'version-news' });
  let after: number | null = null;
  let reading = false;
  let again = false;
  let stopped = false;
  let unwatch: () => void = () => {};
  let cancelTimer: () => void = () => {};

  async function readNew(): Promise<void> {
    if (after === null) {
      after = await bus.last();
      return;
    }
    const upTo = await bus.last();
    for (;;) {
      const batch = await bus.read(after, READ, { types: ['concord.version.committed.v1'] });
      for (const { position, event } of batch) {
        after = position;
        if (event.type !== 'concord.version.committed.v1') continue;
        const { projectId, commit } = event.data;
        live.publishHere({ topic: `datasets:${projectId}`, kind: 'dataset', projectId, commit });
      }
      if (batch.length < READ) break;
    }
    // Everything up to `upTo` was looked at, so the next read need not pass over it again.
    after = Math.max(after, upTo);
  }

  function look(): void {
    if (stopped) return;
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    again = false;
    cancelTimer();
    readNew()
      .catch((error: unknown) => {
        logger.debug({ err: error }, 'the bus does not answer');
        cancelTimer = clock.after(AGAIN_MS, look);
      })
      .finally(() => {
        reading = false;
        if (again) look();
      });
  }

  return {
    start() {
      unwatch = bus.watch(look);
      look();
    },
    stop() {
      stopped = true;
      unwatch();
      cancelTimer();
    },
  };
}
