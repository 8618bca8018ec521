import type { LayerId } from '../records/ids.ts';
import { applyLayerOps, applyLayerOpsInPlace } from './apply-layer.ts';
import { emptyLayer } from './layer.ts';
import type { LogEntry } from './op.ts';
import type { CounterRange, LayerState, RoomState } from './state.ts';

/** Runs of refused ops remembered by client; older ones are forgotten, so that a room's size stays bounded. */
const refusedKept = 500;

/** A room of its own that nothing happened in yet. */
export const newRoom = (): RoomState => ({ ...emptyRoom, layers: {}, exposed: {}, clients: {}, refused: {} });

export const emptyRoom: RoomState = Object.freeze({
  seq: 0,
  layers: {},
  exposed: {},
  clients: {},
  refused: {},
  revision: 0,
  settled: null,
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
    const list = byLayer.get(entry.layer);
    const before = list?.at(-1)?.lseq ?? state.layers[entry.layer]?.lseq ?? 0;
    assertNext(entry.seq, next.seq, entry.lseq, before, entry.layer);
    next.seq = entry.seq;
    if (list === undefined) byLayer.set(entry.layer, [entry]);
    else list.push(entry);
    note(next, entry);
  }
  const layers: Partial<Record<LayerId, LayerState>> = { ...state.layers };
  for (const [id, list] of byLayer) layers[id] = applyLayerOps(layers[id] ?? emptyLayer(id), list);
  return { ...next, layers };
}

type Noted = {
  -readonly [K in keyof Omit<RoomState, 'layers'>]: RoomState[K] extends Readonly<
    Record<infer N extends string, infer V>
  >
    ? Record<N, V>
    : RoomState[K];
};

/**
 * The same as `applyAll`, changing the state itself: for its only owner. Throws before anything changes when the
 * entries do not follow.
 */
export function applyInPlace(state: RoomState, entries: readonly LogEntry[]): void {
  const lseqs = new Map<LayerId, number>();
  for (const [i, { seq, layer, lseq }] of entries.entries()) {
    const before = lseqs.get(layer) ?? state.layers[layer]?.lseq ?? 0;
    assertNext(seq, state.seq + i, lseq, before, layer);
    lseqs.set(layer, lseq);
  }
  const layers = state.layers as Record<LayerId, LayerState>;
  const room = state as Noted;
  for (const entry of entries) {
    const layer = layers[entry.layer] ?? emptyLayer(entry.layer);
    layers[entry.layer] = layer;
    applyLayerOpsInPlace(layer, [entry]);
    room.seq = entry.seq;
    note(room, entry);
  }
}

/** A state that `applyInPlace` may change while the given one stays as it is. Costs what the room's maps hold. */
export function copyRoom(state: RoomState): RoomState {
  const layers: Partial<Record<LayerId, LayerState>> = {};
  for (const layer of Object.values(state.layers)) if (layer) layers[layer.layer] = withOwnMaps(layer);
  return { ...withOwnMaps(state), layers };
}

/** The maps are copied; what stands in them is never changed, only replaced. */
function withOwnMaps<T extends object>(held: T): T {
  const copy = { ...held };
  for (const [key, value] of Object.entries(held))
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      copy[key as keyof T] = { ...value } as T[keyof T];
  return copy;
}

function assertNext(seq: number, seqBefore: number, lseq: number, lseqBefore: number, layer: LayerId): void {
  if (seq !== seqBefore + 1) throw new RangeError(`room entry ${seq} after ${seqBefore}: the log has a gap`);
  if (lseq !== lseqBefore + 1) throw new RangeError(`entry ${lseq} of layer ${layer} after ${lseqBefore}`);
}

/** What an entry means for the room as a whole. */
function note(next: Noted, { seq, by, client, n, op }: LogEntry): void {
  if (n > 0) noteClient(next, clientKey(by, client), n);
  if (op.t === 'expose') next.exposed[op.userId] ??= seq;
  if (op.t === 'finalize' || op.t === 'decide') next.revision = op.revision;
  if (op.t === 'finalize') next.settled = true;
  if (op.t === 'reopen') next.settled = false;
}

/** Client ids are chosen by clients; only with their author are they one's own. */
const clientKey = (by: string, client: string): string => `${by}/${client}`;

/**
 * Clients number their ops without gaps and send them in order, so a number that was jumped over was refused.
 * Such a number is not taken for a resend: it is judged again, and its author told again.
 */
function noteClient(next: Pick<Noted, 'clients' | 'refused'>, key: string, n: number): void {
  const newest = next.clients[key] ?? 0;
  const ranges = next.refused[key] ?? [];
  if (n > newest) {
    next.clients[key] = n;
    if (n > newest + 1) next.refused[key] = [...ranges, [newest + 1, n - 1] as const].slice(-refusedKept);
    return;
  }
  const left = ranges.flatMap(([first, last]): CounterRange[] => {
    if (n < first || n > last) return [[first, last]];
    const parts: CounterRange[] = [
      [first, n - 1],
      [n + 1, last],
    ];
    return parts.filter((range) => range[0] <= range[1]);
  });
  if (left.length > 0) next.refused[key] = left;
  else delete next.refused[key];
}

/** The newest counter that the log has of this author's client; 0 for none. */
export function newestOf(state: RoomState, by: string, client: string): number {
  return state.clients[clientKey(by, client)] ?? 0;
}

/** Whether this op is in the log already. */
export function isResend(state: RoomState, by: string, client: string, n: number): boolean {
  const key = clientKey(by, client);
  if (n > (state.clients[key] ?? 0)) return false;
  return !(state.refused[key] ?? []).some(([first, last]) => n >= first && n <= last);
}

export function layerOf(state: RoomState, id: LayerId): LayerState {
  return state.layers[id] ?? emptyLayer(id);
}
