import type { LayerId } from '@concord/core/records/ids';
import type { LayerState } from '@concord/core/rooms/state';

/** Layers as JSON, encoded once for everybody who joins until they change. */
export interface LayerTexts {
  of(layer: LayerState): string;
  /** Nothing that was encoded stands any more: the state was read anew. */
  forget(): void;
}

export function createLayerTexts(): LayerTexts {
  const known = new Map<LayerId, { readonly lseq: number; readonly text: string }>();
  return {
    of(layer) {
      const held = known.get(layer.layer);
      if (held !== undefined && held.lseq === layer.lseq) return held.text;
      const text = JSON.stringify(layer);
      known.set(layer.layer, { lseq: layer.lseq, text });
      return text;
    },
    forget: () => known.clear(),
  };
}
