import type { LayerId, TaskId } from '@concord/core/records/ids';
import { applyAll, emptyRoom } from '@concord/core/rooms/apply';
import type { LogEntry, Op } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import type { Store } from '@concord/platform/ports/store';

/** A snapshot is written when a load had to go through more entries than this. */
const SNAPSHOT_AFTER = 200;

/** The room as the log tells it, from the newest snapshot on. */
export async function loadRoom(store: Store, room: TaskId): Promise<RoomState> {
  const snapshot = await store.log.getSnapshot(room);
  const from = snapshot === null ? emptyRoom : (JSON.parse(snapshot.state) as RoomState);
  const entries = await store.log.read(room, from.seq);
  const state = applyAll(from, entries);
  if (entries.length > SNAPSHOT_AFTER) await store.log.putSnapshot(room, state.seq, JSON.stringify(state));
  return state;
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
