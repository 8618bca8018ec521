import type { Region } from '../records/annotation.ts';
import type { LayerId, UserId } from '../records/ids.ts';
import type { Json } from '../records/json.ts';

/** Who set a field last, as the layer's sequence number and the author; what undo asks before it reverts. */
export interface Stamp {
  readonly lseq: number;
  readonly by: string;
}

export interface RegionState {
  readonly region: Region;
  /** Stamps by field: `label`, `shape`, `attrs.<name>`. */
  readonly stamps: Readonly<Record<string, Stamp>>;
}

export interface Comment {
  readonly id: string;
  readonly region: string | null;
  readonly by: string;
  readonly at: number;
  readonly text: string;
  readonly resolved: boolean;
}

/** One layer: what one participant, or the group, has put on the asset. Plain JSON, so that it is its own snapshot. */
export interface LayerState {
  readonly layer: LayerId;
  /** The layer's last sequence number. */
  readonly lseq: number;
  readonly regions: Readonly<Record<string, RegionState>>;
  /** Ids of deleted regions, so that a late create of the same id is a no-op and a late update is told apart from a wrong one. */
  readonly deleted: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, { readonly value: Json; readonly stamp: Stamp }>>;
  readonly comments: readonly Comment[];
  /** The standing submission, and whether it was made blind; null while drafting. */
  readonly submitted: { readonly id: string; readonly blind: boolean; readonly at: number } | null;
  /** Version of the model that last replaced the layer; 0 for people. */
  readonly version: number;
}

/** Counters from the first to the last, both included. */
export type CounterRange = readonly [first: number, last: number];

/** The whole room as the log tells it. Plain JSON. */
export interface RoomState {
  readonly seq: number;
  readonly layers: Readonly<Partial<Record<LayerId, LayerState>>>;
  /** Who could see others' layers, from which room sequence number on. */
  readonly exposed: Readonly<Record<UserId, number>>;
  /** The newest counter seen, by author and client: resends at or below it are no-ops. */
  readonly clients: Readonly<Record<string, number>>;
  /** Counters at or below the newest that were refused, by author and client, as ranges: a resend of these is judged again. */
  readonly refused: Readonly<Record<string, readonly CounterRange[]>>;
  readonly revision: number;
  /** Whether the task is settled, as far as the log says; null while it says nothing of it. */
  readonly settled: boolean | null;
}
