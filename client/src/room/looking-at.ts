import type { StageProps, Surface } from '../modalities/surface.ts';
import { classTitle } from '../modalities/surface.ts';
import type { Seen } from '../session/index.ts';
import type { RoomModel } from '../store/index.ts';

/** What somebody is about, in a few words; '' when it is not known. */
export function lookingAt(
  seen: Seen | undefined,
  layers: RoomModel['layers'],
  stage: Pick<StageProps, 'schema' | 'asset'>,
  surface: Pick<Surface, 'regionText' | 'viewText'>,
): string {
  if (seen === undefined) return '';
  const place = seen.busy ?? seen.selection[0];
  if (place !== undefined) {
    const id = place.slice(place.indexOf('/') + 1);
    if (id.startsWith('answer:')) return 'writes the reason';
    const region = layers[place.slice(0, place.indexOf('/'))]?.regions.find((r) => r.id === id);
    if (region !== undefined) {
      const what = `${classTitle(stage.schema, region.label)} ${surface.regionText?.(region, stage.asset) ?? ''}`;
      return `${seen.busy === null ? 'at' : 'changes'} ${what.trim()}`;
    }
  }
  return seen.viewport === null ? '' : surface.viewText(seen.viewport, stage.asset);
}
