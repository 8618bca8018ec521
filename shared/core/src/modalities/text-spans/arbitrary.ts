import type { Annotation, Region } from '../../records/annotation.ts';
import type { LabelSchema } from '../../records/label-schema.ts';
import { classNames } from '../checks.ts';
import type { AssetFacts } from '../modality.ts';
import { textOf } from './check.ts';

/** Up to four different spans on whole characters. */
export function arbitrarySpans(random: () => number, schema: LabelSchema, asset: AssetFacts): Annotation {
  const names = classNames(schema);
  const edges = [0];
  for (const character of textOf(asset)) edges.push(edges.at(-1)! + character.length);
  const regions = new Map<string, Region>();
  const wanted = edges.length < 2 ? 0 : Math.floor(random() * 5);
  for (let i = 0; i < wanted; i++) {
    const from = Math.floor(random() * (edges.length - 1));
    const to = Math.min(edges.length - 1, from + 1 + Math.floor(random() * 12));
    const start = edges[from]!;
    const end = edges[to]!;
    const label = names[Math.floor(random() * names.length)]!;
    const id = `s${regions.size + 1}`;
    const key = `${start}:${end}:${label}`;
    if (!regions.has(key)) regions.set(key, { id, kind: 'span', label, shape: { start, end } });
  }
  const answers = schema.reason?.required === true ? { reason: 'As the guidelines say.' } : {};
  return { regions: [...regions.values()], answers };
}
