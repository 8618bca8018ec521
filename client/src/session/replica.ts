import type { LayerId } from '@concord/core/records/ids';
import { applyLayerOps } from '@concord/core/rooms/apply-layer';
import { annotationOf, emptyLayer } from '@concord/core/rooms/layer';
import type { WireEntry } from '@concord/core/rooms/op';
import { type PendingOp, rebase } from '@concord/core/rooms/rebase';
import { sameJson } from '@concord/core/rooms/same-json';
import type { LayerState } from '@concord/core/rooms/state';
import type { QueueItem } from './queue.ts';

/**
 * The layers of one room as this client knows them: what the server confirmed, and on top of it what this client did
 * since. Pure: no socket, no storage, no clock of its own.
 */
export interface Replica {
  /** Takes whole layers from a snapshot; each replaces what was known of it. */
  load(layers: readonly LayerState[]): void;
  /**
   * Takes entries of one layer, the first following `from`. Entries already known are skipped.
   * `gap` means that something in between is missing and nothing was taken: join again with `since()`.
   */
  receive(layer: LayerId, from: number, entries: readonly WireEntry[]): 'ok' | 'gap';
  /** Forgets layers that are no longer visible, so that no stale copy is shown. */
  retain(visible: (layer: LayerId) => boolean): void;
  /** What is queued now, in order; shown on top of the confirmed layers. */
  setPending(pending: readonly QueueItem[]): void;
  /** The layer as the person sees it; undefined when there is none. */
  layer(id: LayerId): LayerState | undefined;
  /** The layer as the server has it. */
  confirmed(id: LayerId): LayerState | undefined;
  /** Whether this op would change the layer as the server has it, so that it is not in what came of that layer. */
  lacks(item: Extract<QueueItem, { kind: 'op' }>): boolean;
  ids(): readonly LayerId[];
  /** Last sequence number held, by layer: what a join says to receive only what was missed. */
  since(): Record<string, number>;
}

/** @param me who this client's own ops are by. @param now for ops that have no server time yet, ms. */
export function createReplica(me: string, now: () => number): Replica {
  const confirmed = new Map<LayerId, LayerState>();
  const shown = new Map<LayerId, LayerState>();
  let pending: readonly QueueItem[] = [];

  function build(id: LayerId): LayerState | undefined {
    const base = confirmed.get(id);
    const mine = pending.flatMap((item): PendingOp[] =>
      item.kind === 'op' && item.layer === id ? [{ n: item.n, by: me, at: now(), op: item.op }] : [],
    );
    if (base === undefined && mine.length === 0) return undefined;
    return rebase(base ?? emptyLayer(id), mine);
  }

  return {
    load(layers) {
      for (const layer of layers) {
        confirmed.set(layer.layer, layer);
        shown.delete(layer.layer);
      }
    },
    receive(layer, from, entries) {
      const base = confirmed.get(layer) ?? emptyLayer(layer);
      if (from > base.lseq) return 'gap';
      const news = entries.filter((entry) => entry.lseq > base.lseq);
      if (news.some((entry, i) => entry.lseq !== base.lseq + 1 + i)) return 'gap';
      confirmed.set(layer, applyLayerOps(base, news));
      shown.delete(layer);
      return 'ok';
    },
    retain(visible) {
      for (const id of [...confirmed.keys()]) {
        if (visible(id)) continue;
        confirmed.delete(id);
        shown.delete(id);
      }
    },
    setPending(next) {
      const touched = new Set<LayerId>();
      for (const item of [...pending, ...next]) if (item.kind === 'op') touched.add(item.layer);
      pending = next;
      for (const id of touched) shown.delete(id);
    },
    layer(id) {
      const known = shown.get(id);
      if (known !== undefined) return known;
      const made = build(id);
      if (made !== undefined) shown.set(id, made);
      return made;
    },
    confirmed: (id) => confirmed.get(id),
    lacks({ n, layer, op }) {
      const base = confirmed.get(layer) ?? emptyLayer(layer);
      const then = rebase(base, [{ n, by: me, at: now(), op }]);
      return !sameJson([annotationOf(base), base.comments], [annotationOf(then), then.comments]);
    },
    ids() {
      const all = new Set(confirmed.keys());
      for (const item of pending) if (item.kind === 'op') all.add(item.layer);
      return [...all];
    },
    since: () => Object.fromEntries([...confirmed].map(([id, layer]) => [id, layer.lseq])),
  };
}
