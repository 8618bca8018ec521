import type { LayerId, TaskId } from '@concord/core/records/ids';
import { applyAll, emptyRoom } from '@concord/core/rooms/apply';
import type { LogEntry, Op } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import type { Store } from '@concord/platform/ports/store';

/** Changes with the shape of `RoomState`; snapshots of another format are left aside and the log is read whole. */
const SNAPSHOT_FORMAT = 1;
interface Snapshot {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly state: RoomState;
}

/** The room as the log tells it, from the newest snapshot on; `snapshotSeq` is where that stood. */
export async function loadRoom(
  store: Store,
  room: TaskId,
): Promise<{ readonly state: RoomState; readonly snapshotSeq: number }> {
  const snapshot = await store.log.getSnapshot(room);
  const held = snapshot === null ? null : (JSON.parse(snapshot.state) as Partial<Snapshot>);
  const from = held?.format === SNAPSHOT_FORMAT && held.state !== undefined ? held.state : emptyRoom;
  return { state: applyAll(from, await store.log.read(room, from.seq)), snapshotSeq: from.seq };
}

/** Writes a snapshot: a cache, which may be lost or late. */
export function saveSnapshot(store: Store, room: TaskId, state: RoomState): Promise<void> {
  const snapshot: Snapshot = { format: SNAPSHOT_FORMAT, state };
  return store.log.putSnapshot(room, state.seq, JSON.stringify(snapshot));
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
