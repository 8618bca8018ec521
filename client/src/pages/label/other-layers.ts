import type { LayerId } from '@concord/core/records/ids';
import { classColors } from '../../lib/palette.ts';
import type { OtherLayer } from '../../modalities/surface.ts';
import type { LayerView, RoomModel } from '../../store/index.ts';
import { isModelLayer } from './model-layers.ts';

const consensusColor = '#0c6b66';

/** A person's own colour while they are here; otherwise one that stays the same for them in this room. */
export function colorOf(room: Readonly<RoomModel>, id: string): string {
  const member = room.view?.members.find((m) => m.user.id === id);
  if (member !== undefined) return member.user.color;
  if (id === 'consensus') return consensusColor;
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 9973;
  return classColors[sum % classColors.length]!;
}

/** The layers of everybody else that this person may see, people first, in a steady order. */
export function othersOf(
  room: Readonly<RoomModel>,
  own: LayerId | null,
  names: ReadonlyMap<string, string>,
  differs: (layer: LayerView) => ReadonlySet<string>,
): OtherLayer[] {
  const layers = Object.values(room.layers).filter((l): l is LayerView => l !== undefined && l.id !== own);
  layers.sort((a, b) => (a.id < b.id ? -1 : 1));
  let unnamed = 0;
  return layers.map((layer): OtherLayer => {
    const kind = layer.id === 'consensus' ? 'consensus' : isModelLayer(layer.id) ? 'model' : 'person';
    const member = room.view?.members.find((m) => m.user.id === layer.id)?.user.display;
    const known = member ?? names.get(layer.id);
    const fallback = kind === 'consensus' ? 'Agreed answer' : kind === 'model' ? 'The model' : null;
    if (known === undefined && fallback === null) unnamed += 1;
    return {
      id: layer.id,
      kind,
      name: known ?? fallback ?? `Colleague ${unnamed}`,
      color: colorOf(room, layer.id),
      layer,
      differs: differs(layer),
    };
  });
}
