import { boxIou } from '@concord/core/agreement/boxes';
import type { Annotation, Region } from '@concord/core/records/annotation';
import type { Json } from '@concord/core/records/json';
import type { ClientOp } from '@concord/core/rooms/op';
import { sameJson } from '@concord/core/rooms/same-json';
import type { LayerView } from '../../store/index.ts';

/** Boxes that overlap at least this much (intersection over union) mean the same thing. */
const sameBoxFrom = 0.5;

/** Whether two people mean the same thing by two regions: one label, and one place (boxes: nearly). */
export function sameRegion(a: Region, b: Region): boolean {
  if (a.kind !== b.kind || a.label !== b.label) return false;
  return a.kind === 'box' ? boxIou(boxOf(a), boxOf(b)) >= sameBoxFrom : sameJson(a.shape, b.shape);
}
function boxOf({ shape }: Region): { x: number; y: number; width: number; height: number } {
  return {
    x: Number(shape['x']),
    y: Number(shape['y']),
    width: Number(shape['width']),
    height: Number(shape['height']),
  };
}

/** Ids of the layer's regions that not every one of `all` has. */
export function disputedRegions(layer: LayerView, all: readonly LayerView[]): ReadonlySet<string> {
  const ids = layer.regions
    .filter((region) => !all.every((other) => other.regions.some((r) => sameRegion(r, region))))
    .map((region) => region.id);
  return new Set(ids);
}

/** One possible answer to a question and who gave it. */
export interface Tally {
  readonly value: string;
  readonly by: readonly string[];
}

/** Votes for the options of one question, in the order of `options`; options without any are there too. */
export function tally(key: string, options: readonly string[], layers: readonly LayerView[]): Tally[] {
  return options.map((value) => ({
    value,
    by: layers.filter((layer) => layer.answers[key] === value).map((layer) => layer.id),
  }));
}

/** Whether an annotation says nothing: no regions, and no question answered. */
export function isEmpty({ regions, answers }: Annotation): boolean {
  return regions.length === 0 && Object.values(answers).every((value) => value === null);
}

/** Ops that make a layer say what an annotation says. Regions are copied under new ids. */
export function opsTo(target: Annotation, now: LayerView, newId: () => string): ClientOp[] {
  const set: Record<string, Json> = {};
  for (const key of Object.keys(now.answers)) if (target.answers[key] === undefined) set[key] = null;
  for (const [key, value] of Object.entries(target.answers))
    if (!sameJson(now.answers[key], value)) set[key] = value;
  return [
    ...now.regions.map(({ id }): ClientOp => ({ t: 'delete', id })),
    ...target.regions.map(
      ({ kind, label, shape, attrs }): ClientOp => ({
        t: 'create',
        region: { id: newId(), kind, label, shape: { ...shape }, ...(attrs ? { attrs: { ...attrs } } : {}) },
      }),
    ),
    ...(Object.keys(set).length > 0 ? [{ t: 'classify', set } satisfies ClientOp] : []),
  ];
}

export function annotationOfView(layer: LayerView): Annotation {
  return {
    regions: layer.regions.map(({ by: _by, ...region }) => ({ ...region, shape: { ...region.shape } })),
    answers: { ...layer.answers },
  };
}
