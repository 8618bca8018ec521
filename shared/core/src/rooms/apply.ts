import type { LayerId, UserId } from '../records/ids.ts';
import { applyLayerOps } from './apply-layer.ts';
import { emptyLayer } from './layer.ts';
import type { LogEntry } from './op.ts';
import type { LayerState, RoomState } from './state.ts';

/** Refused ops remembered by client; older ones are forgotten, so that a room's size stays bounded. */
const refusedKept = 500;

export const emptyRoom: RoomState = Object.freeze({
  seq: 0,
  layers: {},
  exposed: {},
  clients: {},
  refused: {},
  revision: 0,
});

/** The room after one entry. Pure. Entries must come in order: throws when `seq` or `lseq` is not the next. */
export function apply(state: RoomState, entry: LogEntry): RoomState {
  return applyAll(state, [entry]);
}

/** The room after many entries, copying each layer once. */
export function applyAll(state: RoomState, entries: readonly LogEntry[]): RoomState {
  if (entries.length === 0) return state;
  const byLayer = new Map<LayerId, LogEntry[]>();
  const next = {
    ...state,
    exposed: { ...state.exposed },
    clients: { ...state.clients },
    refused: { ...state.refused },
  };
  for (const entry of entries) {
    if (entry.seq !== next.seq + 1)
      throw new RangeError(`room entry ${entry.seq} after ${next.seq}: the log has a gap`);
    next.seq = entry.seq;
    const list = byLayer.get(entry.layer);
    const before = list?.at(-1)?.lseq ?? state.layers[entry.layer]?.lseq ?? 0;
    if (entry.lseq !== before + 1)
      throw new RangeError(`entry ${entry.lseq} of layer ${entry.layer} after ${before}`);
    if (list === undefined) byLayer.set(entry.layer, [entry]);
    else list.push(entry);
    note(next, entry);
  }
  const layers: Partial<Record<LayerId, LayerState>> = { ...state.layers };
  for (const [id, list] of byLayer) layers[id] = applyLayerOps(layers[id] ?? emptyLayer(id), list);
  return { ...next, layers };
}

/** What an entry means for the room as a whole. */
function note(
  next: {
    seq: number;
    exposed: Record<UserId, number>;
    clients: Record<string, number>;
    refused: Record<string, readonly number[]>;
    revision: number;
  },
  { seq, client, n, op }: LogEntry,
): void {
  if (n > 0) noteClient(next, client, n);
  if (op.t === 'expose') next.exposed[op.userId] ??= seq;
  if (op.t === 'finalize' || op.t === 'decide') next.revision = op.revision;
}

/**
 * Clients number their ops without gaps and send them in order, so a number that was jumped over was refused.
 * Such a number is not taken for a resend: it is judged again, and its author told again.
 */
function noteClient(
  next: { clients: Record<string, number>; refused: Record<string, readonly number[]> },
  client: string,
  n: number,
): void {
  const newest = next.clients[client] ?? 0;
  if (n <= newest) {
    const left = (next.refused[client] ?? []).filter((m) => m !== n);
    if (left.length > 0) next.refused[client] = left;
    else delete next.refused[client];
    return;
  }
  next.clients[client] = n;
  if (n === newest + 1) return;
  const jumped: number[] = [];
  for (let m = Math.max(newest + 1, n - refusedKept); m < n; m++) jumped.push(m);
  next.refused[client] = [...(next.refused[client] ?? []), ...jumped].slice(-refusedKept);
}

/** Whether this op is in the log already. */
export function isResend(state: RoomState, client: string, n: number): boolean {
  if (n > (state.clients[client] ?? 0)) return false;
  return !(state.refused[client] ?? []).includes(n);
}

export function layerOf(state: RoomState, id: LayerId): LayerState {
  return state.layers[id] ?? emptyLayer(id);
}
