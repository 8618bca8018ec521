import type { TaskId } from '@concord/core/records/ids';
import { applyInPlace, copyRoom } from '@concord/core/rooms/apply';
import type { LogEntry } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import type { Platform } from '../platform.ts';
import { createSnapshots, loadRoom } from './room-log.ts';

/** A room's state in this process: how far it is from the log, and how much of it the people here have been sent. */
export interface HeldState {
  current(): RoomState;
  /** Whether it may not be what the log holds. */
  unsure(): boolean;
  /** Makes the state whole after a failure; with `fresh` also reads what the log holds beyond it. */
  settle(fresh: boolean): Promise<void>;
  /** A state to judge on and to change. It counts once `took` says that the log has it. */
  open(): RoomState;
  /** The log has this. */
  took(state: RoomState): void;
  /** Something is about to be appended; unless `took` follows, the log is read again. */
  appending(): void;
  /** Entries that another node says it has appended. False when they do not follow on the state. */
  follow(entries: readonly LogEntry[]): boolean;
  /** What others appended and the people here have not been sent. */
  owed(): readonly LogEntry[];
  /** They have been sent everything now. */
  paid(): void;
  /** Nobody needs the room: what makes its next load quick is written. */
  rest(): void;
}

export interface HeldStateParts {
  readonly id: TaskId;
  /** Nothing that was made of the state stands any more. */
  readonly forget: () => void;
  /** Whether anybody is here who would have to be sent entries. */
  readonly watched: () => boolean;
  /** Whether other nodes write to this room now, so that an append may well be refused. */
  readonly contended: () => boolean;
}

export async function createHeldState(platform: Platform, parts: HeldStateParts): Promise<HeldState> {
  const { log } = platform.store;
  const snapshots = createSnapshots(platform, parts.id);
  let state: RoomState;
  /** `behind`: the log may hold more. `wrong`: the state may hold what the log does not. */
  let standing: 'sure' | 'behind' | 'wrong' = 'wrong';
  let owed: LogEntry[] = [];
  let sentSeq = 0;
  let notedSeq = 0;

  async function reload(): Promise<void> {
    parts.forget();
    const loaded = await loadRoom(platform, parts.id);
    state = loaded.state;
    snapshots.loaded(loaded);
    notedSeq = state.seq;
    owed = [];
    if (parts.watched() && state.seq > sentSeq) {
      owed = await log.read(parts.id, sentSeq);
      applyInPlace(
        state,
        owed.filter(({ seq }) => seq > state.seq),
      );
    }
    standing = 'sure';
  }

  function add(entries: readonly LogEntry[]): void {
    applyInPlace(state, entries);
    owed.push(...entries);
  }

  await reload();
  return {
    current: () => state,
    unsure: () => standing !== 'sure',
    async settle(fresh) {
      if (standing === 'wrong') await reload();
      else if (fresh || standing === 'behind') {
        add(await log.read(parts.id, state.seq));
        standing = 'sure';
      }
    },
    open() {
      // Changed in place where nobody else writes: a refused append is then rare, and costs a load.
      standing = parts.contended() ? 'behind' : 'wrong';
      return standing === 'behind' ? copyRoom(state) : state;
    },
    took(next) {
      state = next;
      standing = 'sure';
      if (state.seq > notedSeq) snapshots.moved(state);
      notedSeq = state.seq;
    },
    appending() {
      if (standing === 'sure') standing = 'behind';
    },
    follow(entries) {
      if (standing !== 'sure') return false;
      const news = entries.filter(({ seq }) => seq > state.seq);
      if (news.length === 0) return true;
      if (news[0]!.seq !== state.seq + 1) return false;
      add(news);
      return true;
    },
    owed: () => owed,
    paid() {
      owed = [];
      sentSeq = state.seq;
    },
    rest() {
      if (standing === 'sure') snapshots.rest(state);
    },
  };
}
