import type { Clock } from '../ports/clock.ts';

/** A clock that stands still until it is told to go on. Timers run in the order of their time, then of their making. */
export interface VirtualClock extends Clock {
  /** Moves time on by `ms`, running what falls due on the way; what those runs schedule counts too. */
  advance(ms: number): Promise<void>;
  /** How many timers wait. */
  pending(): number;
}

/** 2026-01-01T00:00:00Z unless told otherwise. */
export function createVirtualClock(startMs = 1_767_225_600_000): VirtualClock {
  let nowMs = startMs;
  let made = 0;
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  const nextDue = (until: number): number | null => {
    let best: number | null = null;
    for (const [key, timer] of timers) {
      if (timer.at > until) continue;
      // Keys grow, so that of two with one time the earlier made one is found first and kept.
      if (best === null || timer.at < (timers.get(best)?.at ?? 0)) best = key;
    }
    return best;
  };
  return {
    now: () => nowMs,
    after(ms, run) {
      made += 1;
      const key = made;
      timers.set(key, { at: nowMs + Math.max(0, ms), run });
      return () => {
        timers.delete(key);
      };
    },
    async advance(ms) {
      const until = nowMs + ms;
      for (let key = nextDue(until); key !== null; key = nextDue(until)) {
        const timer = timers.get(key);
        timers.delete(key);
        if (timer === undefined) continue;
        nowMs = Math.max(nowMs, timer.at);
        timer.run();
        // Promises that the timer settled go on before time does.
        await settle();
      }
      nowMs = until;
      await settle();
    },
    pending: () => timers.size,
  };
}

/** Lets promise chains and I/O callbacks that are ready run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
