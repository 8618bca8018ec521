import type { LayerId } from '@concord/core/records/ids';
import { growthBy, layerSize } from '@concord/core/rooms/layer-size';
import type { ClientOp } from '@concord/core/rooms/op';
import type { LayerState } from '@concord/core/rooms/state';

/** How large the layers of a room are, without walking a layer for every op. */
export interface LayerSizes {
  /** How large an op would make its layer; null where it does not grow. */
  grown(layer: LayerState, op: ClientOp): number | null;
  /** The op whose growth was asked last is the layer's newest. */
  took(layer: LayerState): void;
}

export function createLayerSizes(): LayerSizes {
  const known = new Map<LayerId, { readonly lseq: number; readonly size: number }>();
  let next = 0;

  return {
    grown(layer, op) {
      const held = known.get(layer.layer);
      const size = held?.lseq === layer.lseq ? held.size : layerSize(layer);
      const growth = growthBy(layer, op);
      next = size + growth;
      known.set(layer.layer, { lseq: layer.lseq, size });
      return growth > 0 ? next : null;
    },
    took: (layer) => void known.set(layer.layer, { lseq: layer.lseq, size: next }),
  };
}
