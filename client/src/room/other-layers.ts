import type { LayerId } from '@concord/core/records/ids';
import type { OtherLayer } from '../modalities/surface.ts';
import type { LayerView, RoomModel } from '../store/index.ts';
import { isModelLayer } from './model-layers.ts';
import type { PeopleBook } from './people-book.ts';

/** The layers of everybody else that this person may see, in a steady order. */
export function othersOf(
  layers: RoomModel['layers'],
  edited: LayerId | null,
  people: PeopleBook,
  differs: (layer: LayerView) => ReadonlySet<string>,
): OtherLayer[] {
  return Object.values(layers)
    .filter((layer): layer is LayerView => layer !== undefined && layer.id !== edited)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((layer) => ({
      id: layer.id,
      kind: layer.id === 'consensus' ? 'consensus' : isModelLayer(layer.id) ? 'model' : 'person',
      name: people.nameOf(layer.id),
      color: people.colorOf(layer.id),
      layer,
      differs: differs(layer),
    }));
}
