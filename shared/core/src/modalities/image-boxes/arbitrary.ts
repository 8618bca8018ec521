import type { Annotation, Region } from '../../records/annotation.ts';
import type { LabelSchema } from '../../records/label-schema.ts';
import { classNames } from '../checks.ts';
import type { AssetFacts } from '../modality.ts';

/** Up to four boxes on whole pixels inside the image. */
export function arbitraryBoxes(random: () => number, schema: LabelSchema, asset: AssetFacts): Annotation {
  const names = classNames(schema);
  const imageWidth = asset.width ?? 640;
  const imageHeight = asset.height ?? 480;
  const regions = Array.from({ length: Math.floor(random() * 5) }, (_, i): Region => {
    const [x, width] = side(random, imageWidth);
    const [y, height] = side(random, imageHeight);
    const label = names[Math.floor(random() * names.length)]!;
    return { id: `b${i + 1}`, kind: 'box', label, shape: { x, y, width, height } };
  });
  return { regions, answers: schema.reason?.required === true ? { reason: 'As the guidelines say.' } : {} };
}

/** Start and length, at least one pixel long. */
function side(random: () => number, size: number): [number, number] {
  const start = Math.floor(random() * size);
  return [start, 1 + Math.floor(random() * (size - start - 1))];
}
