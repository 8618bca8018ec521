import { applyAll, emptyRoom } from './apply.ts';
import type { LogEntry } from './op.ts';
import type { RoomState } from './state.ts';

/** A room's whole log, to be looked at as it stood after any of its entries. */
export interface RoomPlayer {
  /** How many entries there are, which is the last sequence number. */
  readonly length: number;
  /** The room after entry `seq`; 0 is before the first. Out of range is the nearest there is. */
  at(seq: number): RoomState;
}

/**
 * Seeks in a log by checkpoints, so that a jump costs at most `every` entries once the way there was gone, and a step
 * forward costs one. Checkpoints share what did not change between them. Pure but for its memory of what it worked out.
 */
export function createPlayer(entries: readonly LogEntry[], every = 256): RoomPlayer {
  /** The room after `i * every` entries. */
  const checkpoints: RoomState[] = [emptyRoom];
  let newest = emptyRoom;

  return {
    length: entries.length,
    at(wanted) {
      const seq = Math.min(entries.length, Math.max(0, Math.trunc(wanted)));
      const index = Math.floor(seq / every);
      for (let i = checkpoints.length; i <= index; i++)
        checkpoints.push(applyAll(checkpoints[i - 1]!, entries.slice((i - 1) * every, i * every)));
      const base = checkpoints[index]!;
      const from = newest.seq <= seq && newest.seq > base.seq ? newest : base;
      newest = applyAll(from, entries.slice(from.seq, seq));
      return newest;
    },
  };
}
