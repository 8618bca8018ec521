import { applyLayerOps } from './apply-layer.ts';
import type { ClientOp, WireEntry } from './op.ts';
import type { LayerState } from './state.ts';

/** An op of this client that is not yet in what the server confirmed. */
export interface PendingOp {
  readonly n: number;
  readonly by: string;
  readonly at: number;
  readonly op: ClientOp;
}

/** What the page shows: the confirmed layer with the ops on their way applied on top, as the server would if they came next. */
export function rebase(confirmed: LayerState, pending: readonly PendingOp[]): LayerState {
  const shown = applyLayerOps(
    confirmed,
    pending.map(({ by, at, op }, i) => ({ lseq: confirmed.lseq + 1 + i, by, at, op })),
  );
  // The number stays the confirmed one: it is what contiguity is checked against.
  return pending.length === 0 ? confirmed : { ...shown, lseq: confirmed.lseq };
}

/** Pending ops that are still on their way once these entries arrived: one's own are known by client and counter. */
export function stillPending<P extends PendingOp>(
  pending: readonly P[],
  client: string,
  entries: readonly Pick<WireEntry, 'client' | 'n'>[],
): readonly P[] {
  const arrived = new Set(entries.filter((e) => e.client === client).map((e) => e.n));
  return arrived.size === 0 ? pending : pending.filter((p) => !arrived.has(p.n));
}
