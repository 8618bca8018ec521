import type { OpsReply, RoomOps } from '@concord/core/protocol/rooms';
import type { Viewer } from '@concord/core/rooms/visibility';
import type { Clock } from '@concord/platform/ports/clock';

/** A busy room goes to the log and to its people at most this often, in ms. */
const WINDOW_MS = 8;
/** More messages than this in one window make a room busy. */
const QUIET_MOST = 2;
/** So many ops go at once, however busy the room is. */
const FULL = 200;

export interface Gathered {
  readonly viewer: Viewer;
  readonly message: RoomOps;
}

/**
 * Gathers what a room's clients send: at once while it is quiet, by windows while it is busy, so that many ops share one
 * append, one frame to each person, and one acknowledgement.
 */
export interface Gathering {
  /** Resolves when `write` has answered for it. */
  add(viewer: Viewer, message: RoomOps): Promise<OpsReply>;
  /** Hands over what waits for its window. */
  flush(): void;
  isEmpty(): boolean;
}

export function createGathering(
  clock: Clock,
  write: (batch: readonly Gathered[]) => Promise<readonly OpsReply[]>,
): Gathering {
  let batch: (Gathered & { done(reply: OpsReply): void; fail(error: unknown): void })[] = [];
  let ops = 0;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let busy = false;
  /** Batches being written: what comes meanwhile gathers. */
  let writing = 0;
  let cancelTimer: (() => void) | null = null;

  function flush(): void {
    cancelTimer?.();
    cancelTimer = null;
    if (batch.length === 0) return;
    const given = batch;
    batch = [];
    ops = 0;
    busy = given.length > QUIET_MOST;
    flushedAt = clock.now();
    writing += 1;
    write(given)
      .then(
        (replies) => {
          for (const [i, { done }] of given.entries()) done(replies[i] as OpsReply);
        },
        (error: unknown) => {
          for (const { fail } of given) fail(error);
        },
      )
      .finally(() => {
        writing -= 1;
        if (batch.length > 0) schedule();
      });
  }

  function schedule(): void {
    if (writing > 0) return;
    const left = busy && ops < FULL ? flushedAt + WINDOW_MS - clock.now() : 0;
    if (left > 0) cancelTimer ??= clock.after(left, flush);
    else flush();
  }

  return {
    add: (viewer, message) =>
      new Promise((done, fail) => {
        batch.push({ viewer, message, done, fail });
        ops += message.ops.length;
        schedule();
      }),
    flush,
    isEmpty: () => batch.length === 0 && writing === 0,
  };
}
