import type { Json } from '../records/json.ts';
import { jsonSize } from './json-size.ts';
import type { ClientOp } from './op.ts';
import type { LayerState } from './state.ts';

/** Who set a field, a comment's author and time, a deleted region's mark: about so many characters each. */
const NOTE = 60;

/** A layer's characters of JSON. Walks all of it. */
export const layerSize = (layer: LayerState): number => jsonSize(layer as unknown as Json);

/** About how many characters an op that fits adds to its layer; negative where it takes some away. Costs what the op touches. */
export function growthBy(layer: LayerState, op: ClientOp): number {
  switch (op.t) {
    case 'create':
      return jsonSize(op.region as Json) + NOTE * (3 + Object.keys(op.region.attrs ?? {}).length);
    case 'update': {
      const old = layer.regions[op.id];
      let growth = 0;
      for (const [field, value] of Object.entries(op.set)) {
        growth += jsonSize(value) - jsonSize(fieldOf(old?.region, field));
        if (old?.stamps[field] === undefined) growth += field.length + NOTE;
      }
      return growth;
    }
    case 'delete':
      return NOTE - jsonSize((layer.regions[op.id] ?? null) as Json);
    case 'classify': {
      let growth = 0;
      for (const [key, value] of Object.entries(op.set)) {
        const old = layer.answers[key];
        growth += jsonSize(value) - (old === undefined ? -NOTE : jsonSize(old.value));
      }
      return growth;
    }
    case 'comment':
      return jsonSize(op as unknown as Json) + 2 * NOTE;
    case 'resolve':
      return 0;
    case 'hand':
      return op.text.length - (layer.hand?.text.length ?? 0);
  }
}

function fieldOf(
  region: LayerState['regions'][string]['region'] | undefined,
  field: string,
): Json | undefined {
  if (field === 'label') return region?.label;
  if (field === 'shape') return region?.shape;
  return region?.attrs?.[field.slice('attrs.'.length)];
}
