import type { RoomPresence, SeenPresence } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { Viewport } from '@concord/core/rooms/presence';
import type { SessionClock } from './session.ts';
import type { RoomTransport } from './transport.ts';

/** Often enough to look alive, seldom enough to cost nothing. */
const sendEveryMs = 50;
/** A cursor that did not move for this long is shown no more. */
const cursorStaleMs = 8000;
/** What somebody holds is free again when they do not say for this long that they still hold it. */
export const busyStaleMs = 5000;
/** Who holds something says so again this often: messages may be lost, and a hand may rest. */
const busyEveryMs = 2000;
const sweepEveryMs = 500;

type Told = Omit<RoomPresence, 'task'>;

export interface Seen {
  readonly userId: string;
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly viewport: Viewport | null;
  /** Regions as `<layer>/<region>`. */
  readonly selection: readonly string[];
  readonly busy: string | null;
}

/** Where the others are, and telling them where I am. Never stored, never acknowledged. */
export interface Presence {
  /** Merges what changed into what is told; sent at most every 50 ms, the newest only. */
  tell(change: Told): void;
  people(): readonly Seen[];
  receive(people: readonly SeenPresence[]): void;
  /** Who is in the room now. Who left is forgotten; who came (after `entered`: everybody) is told where I am. */
  here(userIds: readonly string[], entered?: 'entered'): void;
  close(): void;
}

export function createPresence(options: {
  readonly task: TaskId;
  readonly me: string;
  readonly transport: RoomTransport;
  readonly clock: SessionClock;
  readonly onChange: () => void;
}): Presence {
  const { clock, task } = options;
  const seen = new Map<string, Seen & { readonly cursorAt: number; readonly busyAt: number }>();
  let present: ReadonlySet<string> = new Set();
  /** Everything that was told, for who comes later. */
  let mine: Told = {};
  let next: Told | null = null;
  let waiting: (() => void) | null = null;
  let repeating: (() => void) | null = null;
  let sweeping: (() => void) | null = null;

  function send(): void {
    waiting = null;
    if (next === null) return;
    options.transport.presence({ ...next, task });
    next = null;
    waiting = clock.after(sendEveryMs, send);
  }
  function tell(change: Told): void {
    mine = { ...mine, ...change };
    next = { ...next, ...change };
    if (waiting === null) send();
    if (typeof change.busy === 'string') repeat();
  }
  function repeat(): void {
    repeating?.();
    repeating = clock.after(busyEveryMs, () => {
      repeating = null;
      if (typeof mine.busy === 'string') tell({ busy: mine.busy });
    });
  }

  function sweep(): void {
    sweeping = null;
    const now = clock.now();
    let changed = false;
    for (const [id, one] of seen) {
      const cursor = one.cursorAt + cursorStaleMs <= now ? null : one.cursor;
      const busy = one.busyAt + busyStaleMs <= now ? null : one.busy;
      if (cursor === one.cursor && busy === one.busy) continue;
      seen.set(id, { ...one, cursor, busy });
      changed = true;
    }
    watch();
    if (changed) options.onChange();
  }
  /** Looks for what has become stale as long as there is anything that can. */
  function watch(): void {
    if ([...seen.values()].some((one) => one.cursor !== null || one.busy !== null))
      sweeping ??= clock.after(sweepEveryMs, sweep);
  }

  return {
    tell,
    people: () => [...seen.values()].map(({ cursorAt: _c, busyAt: _b, ...one }) => one),
    receive(people) {
      const now = clock.now();
      for (const { userId, cursor, viewport, selection, busy } of people) {
        if (userId === options.me) continue;
        const before = seen.get(userId);
        seen.set(userId, {
          userId,
          cursor: cursor === undefined ? (before?.cursor ?? null) : cursor,
          viewport: viewport === undefined ? (before?.viewport ?? null) : viewport,
          selection: selection ?? before?.selection ?? [],
          busy: busy === undefined ? (before?.busy ?? null) : busy,
          cursorAt: cursor === undefined ? (before?.cursorAt ?? now) : now,
          busyAt: busy === undefined ? (before?.busyAt ?? now) : now,
        });
      }
      watch();
      options.onChange();
    },
    here(userIds, entered) {
      const now = new Set(userIds);
      const known = entered === undefined ? present : new Set<string>();
      const came = userIds.some((id) => id !== options.me && !known.has(id));
      present = now;
      for (const id of [...seen.keys()]) if (!now.has(id)) seen.delete(id);
      if (came && Object.keys(mine).length > 0) tell(mine);
    },
    close() {
      for (const cancel of [waiting, repeating, sweeping]) cancel?.();
      waiting = repeating = sweeping = null;
      seen.clear();
    },
  };
}
