import type { RoomPresence } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { SessionClock } from './clock.ts';
import type { RoomTransport } from './transport.ts';

/** Often enough to look alive, seldom enough to cost nothing. */
const sendEveryMs = 50;
/** Who did not move for this long is shown no more. */
const staleAfterMs = 8000;

export interface Seen {
  readonly userId: string;
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly selection: readonly string[];
  readonly busy: string | null;
  readonly at: number;
}

/** Where the others are, and telling them where I am. Never stored, never acknowledged. */
export interface Presence {
  /** Merges what changed into what is told; sent at most every 50 ms, the newest only. */
  tell(change: Omit<RoomPresence, 'task'>): void;
  people(): readonly Seen[];
  receive(people: readonly (RoomPresence & { userId: string })[]): void;
  close(): void;
}

export function createPresence(options: {
  readonly task: TaskId;
  readonly me: string;
  readonly transport: RoomTransport;
  readonly clock: SessionClock;
  readonly onChange: () => void;
}): Presence {
  const { clock } = options;
  const seen = new Map<string, Seen>();
  let next: RoomPresence | null = null;
  let waiting: (() => void) | null = null;
  let sweep: (() => void) | null = null;

  function send(): void {
    waiting = null;
    if (next === null) return;
    options.transport.presence(next);
    next = null;
    waiting = clock.after(sendEveryMs, send);
  }
  function forget(): void {
    sweep = null;
    const limit = clock.now() - staleAfterMs;
    for (const [id, one] of seen) if (one.at < limit) seen.delete(id);
    if (seen.size > 0) sweep = clock.after(staleAfterMs, forget);
    options.onChange();
  }

  return {
    tell(change) {
      next = { ...(next ?? { task: options.task }), ...change };
      if (waiting === null) send();
    },
    people: () => [...seen.values()],
    receive(people) {
      for (const one of people) {
        if (one.userId === options.me) continue;
        const before = seen.get(one.userId);
        seen.set(one.userId, {
          userId: one.userId,
          cursor: one.cursor === undefined ? (before?.cursor ?? null) : one.cursor,
          selection: one.selection ?? before?.selection ?? [],
          busy: one.busy === undefined ? (before?.busy ?? null) : one.busy,
          at: clock.now(),
        });
      }
      sweep ??= clock.after(staleAfterMs, forget);
      options.onChange();
    },
    close() {
      waiting?.();
      sweep?.();
      waiting = null;
      sweep = null;
      seen.clear();
    },
  };
}
