import type { EventFilter, Positioned } from '@concord/platform/ports/bus';
import type { Platform } from '../../platform.ts';

const READ = 100;
const HEARTBEAT_MS = 15_000;
/** What the caller should wait before it connects again, in ms. */
const RETRY_MS = 2_000;

/**
 * Events after a position for as long as the caller stays. Pulled, not pushed: a slow caller slows only the reading of its own
 * stream, and nothing piles up. Ends when `signal` is aborted. While nothing comes, heartbeats carry the position reached,
 * so that a filtered stream resumes near where it stood.
 */
export async function* streamEvents(
  platform: Pick<Platform, 'bus' | 'clock'>,
  start: number,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { bus, clock } = platform;
  const news = createBell();
  const unwatch = bus.watch(news.ring);
  const onAbort = () => news.ring();
  signal.addEventListener('abort', onAbort);
  try {
    yield `retry: ${RETRY_MS}\n\n`;
    for (let after = start; !signal.aborted; ) {
      news.reset();
      // Taken before reading: whatever stands up to here and fits the filter is in the read, if the read is not full.
      const upTo = await bus.last();
      const batch = upTo > after ? await bus.read(after, READ, filter) : [];
      if (batch.length > 0) yield batch.map(block).join('');
      after =
        batch.length === READ
          ? (batch.at(-1)?.position ?? after)
          : Math.max(after, upTo, batch.at(-1)?.position ?? 0);
      if (batch.length === READ) continue;
      const cancel = clock.after(HEARTBEAT_MS, news.ringLate);
      const rung = await news.wait();
      cancel();
      if (rung === 'late' && !signal.aborted) yield `: still here\nid: ${after}\n\n`;
    }
  } finally {
    unwatch();
    signal.removeEventListener('abort', onAbort);
  }
}

function block({ position, event }: Positioned): string {
  return `id: ${position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Waits until somebody rings; a ring that came since the last reset counts. */
function createBell() {
  let rung: 'news' | 'late' | null = null;
  let wake: () => void = () => {};
  const ringAs = (how: 'news' | 'late') => () => {
    rung ??= how;
    wake();
  };
  return {
    ring: ringAs('news'),
    ringLate: ringAs('late'),
    reset() {
      rung = null;
    },
    async wait(): Promise<'news' | 'late'> {
      if (rung === null)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return rung ?? 'news';
    },
  };
}
