import { createHash } from 'node:crypto';
import type { LayerId, TaskId } from '@concord/core/records/ids';
import { applyAll, emptyRoom } from '@concord/core/rooms/apply';
import type { LogEntry, Op } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import type { Platform } from '../platform.ts';

/** Changes with the shape of `RoomState`; snapshots of another format are left aside and the log is read whole. */
const SNAPSHOT_FORMAT = 'concord-room-3';

/** What stands before a snapshot's JSON: its format and what the JSON's bytes sum up to. */
const headOf = (json: string): string =>
  `${SNAPSHOT_FORMAT} ${createHash('sha256').update(json).digest('hex')}`;

/** The state that a snapshot holds; null for one that is damaged or of another format. */
function readSnapshot(text: string): RoomState | null {
  const end = text.indexOf('\n');
  const json = text.slice(end + 1);
  return text.slice(0, end) === headOf(json) ? (JSON.parse(json) as RoomState) : null;
}

/** The room as the log tells it, from the newest snapshot on; `snapshotSeq` is where that stood, 0 without a usable one. */
export async function loadRoom(
  { store, logger }: Pick<Platform, 'store' | 'logger'>,
  room: TaskId,
): Promise<{ readonly state: RoomState; readonly snapshotSeq: number }> {
  const snapshot = await store.log.getSnapshot(room);
  const held = snapshot === null ? null : readSnapshot(snapshot.state);
  if (snapshot !== null && held === null)
    logger.warn({ room, seq: snapshot.seq }, 'a snapshot is of no use; the log is read whole');
  const from = held ?? emptyRoom;
  return { state: applyAll(from, await store.log.read(room, from.seq)), snapshotSeq: from.seq };
}

/** Writes a snapshot. It is a cache, which may be lost or late: where it cannot be written the room goes on without. */
export async function saveSnapshot(
  { store, logger }: Pick<Platform, 'store' | 'logger'>,
  room: TaskId,
  state: RoomState,
): Promise<void> {
  const json = JSON.stringify(state);
  try {
    await store.log.putSnapshot(room, state.seq, `${headOf(json)}\n${json}`);
  } catch (err) {
    logger.warn({ err, room, seq: state.seq }, 'a snapshot was not written');
  }
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
