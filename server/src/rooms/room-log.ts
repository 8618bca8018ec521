import { createHash } from 'node:crypto';
import { isConcordError } from '@concord/core/errors/concord-error';
import type { LayerId, TaskId } from '@concord/core/records/ids';
import { applyInPlace, newRoom } from '@concord/core/rooms/apply';
import type { LogEntry, Op } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import type { Platform } from '../platform.ts';

/** Changes with the shape of `RoomState`; snapshots of another format are left aside and the log is read whole. */
const SNAPSHOT_FORMAT = 'concord-room-4';
/** A load goes through at most about this many entries, or a five-hundredth of the room's size in characters where that is more. */
const SNAPSHOT_EVERY = 200;
const CHARACTERS_PER_ENTRY = 500;
/** A room that rests is worth a snapshot from so many entries on. */
const REST_FROM = 50;

/** What stands before a snapshot's JSON: its format and what the JSON's bytes sum up to. */
const headOf = (json: string): string =>
  `${SNAPSHOT_FORMAT} ${createHash('sha256').update(json).digest('hex')}`;

/** The state that a snapshot holds; null for one that is damaged or of another format. */
function readSnapshot(text: string): RoomState | null {
  const end = text.indexOf('\n');
  const json = text.slice(end + 1);
  return text.slice(0, end) === headOf(json) ? (JSON.parse(json) as RoomState) : null;
}

export interface Loaded {
  readonly state: RoomState;
  /** Where the snapshot stood that it was made from, 0 without a usable one, and its length. */
  readonly snapshotSeq: number;
  readonly snapshotLength: number;
}

/** The room as the log tells it, from the newest snapshot on. The state is the caller's own. */
export async function loadRoom(
  { store, logger }: Pick<Platform, 'store' | 'logger'>,
  room: TaskId,
): Promise<Loaded> {
  const snapshot = await store.log.getSnapshot(room);
  const held = snapshot === null ? null : readSnapshot(snapshot.state);
  if (snapshot !== null && held === null)
    logger.warn({ room, seq: snapshot.seq }, 'a snapshot is of no use; the log is read whole');
  const state = held ?? newRoom();
  const snapshotSeq = state.seq;
  applyInPlace(state, await store.log.read(room, state.seq));
  return { state, snapshotSeq, snapshotLength: held === null ? 0 : (snapshot?.state.length ?? 0) };
}

/** Writes a room's snapshots now and then: seldom enough that an op in a large room costs what it costs in a small one. */
export interface Snapshots {
  loaded(loaded: Loaded): void;
  /** The state moved on and is in the log. */
  moved(state: RoomState): void;
  rest(state: RoomState): void;
}

export function createSnapshots(
  { store, logger }: Pick<Platform, 'store' | 'logger'>,
  room: TaskId,
): Snapshots {
  let at = 0;
  let length = 0;

  function background(failed: string, work: Promise<void>): void {
    work.catch((err: unknown) => {
      // While the server stops, the store is closed: that is no news.
      const level = isConcordError(err, 'overloaded') ? 'debug' : 'warn';
      logger[level]({ err, room, seq: at }, failed);
    });
  }

  /** It is a cache, which may be lost or late: nobody waits for it, and where it cannot be written the room goes on without. */
  function save(state: RoomState): void {
    const json = JSON.stringify(state);
    at = state.seq;
    length = json.length;
    background(
      'a snapshot was not written',
      store.log.putSnapshot(room, state.seq, `${headOf(json)}\n${json}`),
    );
  }
  return {
    loaded({ snapshotSeq, snapshotLength }) {
      at = snapshotSeq;
      length = snapshotLength;
    },
    moved(state) {
      if (state.seq - at >= Math.max(SNAPSHOT_EVERY, length / CHARACTERS_PER_ENTRY)) save(state);
    },
    rest(state) {
      if (state.seq - at >= REST_FROM) save(state);
      // A load begins at the snapshot: what it stands for is read for a history or a replay only.
      if (at >= REST_FROM) background('a log was not packed', store.log.pack(room, at));
    },
  };
}

/** An op before it has its numbers. */
export interface Draft {
  readonly layer: LayerId;
  readonly by: string;
  readonly client: string;
  readonly n: number;
  readonly op: Op;
}

/** What the server itself writes; no client sends it again. */
export const serverDraft = (layer: LayerId, op: Op, by = 'server'): Draft => ({
  layer,
  by,
  client: 'server',
  n: 0,
  op,
});

/** Takes hands down: these people's, or everybody's. */
export function loweredHands(state: RoomState, of: readonly LayerId[] = layersOf(state)): Draft[] {
  return of
    .filter((layer) => (state.layers[layer]?.hand ?? null) !== null)
    .map((layer) => serverDraft(layer, { t: 'hand', raised: false, text: '' }));
}
const layersOf = (state: RoomState) => Object.keys(state.layers) as LayerId[];

/** Numbers drafts from the state on. */
export function number(state: RoomState, drafts: readonly Draft[], at: number): LogEntry[] {
  const last = new Map<LayerId, number>();
  return drafts.map((draft, i) => {
    const lseq = (last.get(draft.layer) ?? state.layers[draft.layer]?.lseq ?? 0) + 1;
    last.set(draft.layer, lseq);
    return {
      seq: state.seq + 1 + i,
      layer: draft.layer,
      lseq,
      by: draft.by,
      client: draft.client,
      n: draft.n,
      at,
      op: draft.op,
    };
  });
}
