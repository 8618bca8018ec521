import type { Annotation, Region } from '../../records/annotation.ts';
import type { Json } from '../../records/json.ts';
import {
  type LabelStudioEntry,
  numberAt,
  readEntries,
  reasonEntry,
  reasonOf,
  regionIdOf,
  reportOther,
  stringsAt,
} from '../label-studio.ts';
import type { AssetFacts } from '../modality.ts';
import { boxOf } from './check.ts';

/** `rectanglelabels` (percent of the image, turned clockwise about the top left) become boxes in pixels. */
export function fromLabelStudio(
  result: readonly unknown[],
  asset: AssetFacts,
  report: (what: string) => void,
): Annotation {
  const regions: Region[] = [];
  const answers: Record<string, Json> = {};
  const taken = new Set<string>();
  readEntries(result, report).forEach((item, i) => {
    if (item.type === 'textarea') Object.assign(answers, reasonOf(item));
    else if (item.type !== 'rectanglelabels') reportOther([item], report);
    else {
      const say = (what: string) => report(`result[${i}]: ${what}`);
      const shape = shapeOf(item, asset, say);
      const labels = stringsAt(item, 'rectanglelabels');
      if (labels.length === 0) say('a box without a label; left out');
      else if (shape !== null)
        for (const label of labels)
          regions.push({
            id: regionIdOf(item, i, taken),
            kind: 'box',
            label,
            shape,
            ...(typeof item.score === 'number' && item.score >= 0 && item.score <= 1
              ? { score: item.score }
              : {}),
          });
    }
  });
  return { regions: regions.sort((a, b) => (a.id < b.id ? -1 : 1)), answers };
}

type Shape = { x: number; y: number; width: number; height: number };

function shapeOf(item: LabelStudioEntry, asset: AssetFacts, say: (what: string) => void): Shape | null {
  const imageWidth = asset.width ?? item.original_width;
  const imageHeight = asset.height ?? item.original_height;
  const [x, y, width, height] = (['x', 'y', 'width', 'height'] as const).map((key) => numberAt(item, key));
  if (imageWidth === undefined || imageHeight === undefined) {
    say('the size of the image is not known; left out');
    return null;
  }
  if (x == null || y == null || width == null || height == null) {
    say('x, y, width and height must be numbers; left out');
    return null;
  }
  const box = turned(
    {
      x: (x * imageWidth) / 100,
      y: (y * imageHeight) / 100,
      width: (width * imageWidth) / 100,
      height: (height * imageHeight) / 100,
    },
    numberAt(item, 'rotation') ?? 0,
    say,
  );
  const shape = clipped(box, imageWidth, imageHeight);
  if (!(shape.width > 0 && shape.height > 0)) {
    say('a box without area in the image; left out');
    return null;
  }
  return shape;
}

/** The upright box around a turned one. */
function turned(box: Shape, degrees: number, say: (what: string) => void): Shape {
  if (degrees % 360 === 0) return box;
  say(`turned by ${degrees}°; the upright box around it was taken`);
  const angle = (degrees * Math.PI) / 180;
  const corners = [
    [0, 0],
    [box.width, 0],
    [0, box.height],
    [box.width, box.height],
  ].map(([dx, dy]) => [
    box.x + dx! * Math.cos(angle) - dy! * Math.sin(angle),
    box.y + dx! * Math.sin(angle) + dy! * Math.cos(angle),
  ]);
  const xs = corners.map((corner) => corner[0]!);
  const ys = corners.map((corner) => corner[1]!);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Cuts what reaches over the edge; pixels to a thousandth, since percentages leave dust behind. */
function clipped(box: Shape, imageWidth: number, imageHeight: number): Shape {
  const round = (value: number) => Math.round(value * 1000) / 1000;
  const x = round(Math.min(Math.max(box.x, 0), imageWidth));
  const y = round(Math.min(Math.max(box.y, 0), imageHeight));
  const right = Math.min(box.x + box.width, imageWidth);
  const bottom = Math.min(box.y + box.height, imageHeight);
  return { x, y, width: round(right - x), height: round(bottom - y) };
}

export function toLabelStudio(annotation: Annotation, asset: AssetFacts): Json[] {
  const { width: imageWidth, height: imageHeight } = asset;
  if (imageWidth === undefined || imageHeight === undefined) return [];
  const boxes = annotation.regions.map((region): Json => {
    const box = boxOf(region);
    return {
      id: region.id,
      from_name: 'label',
      to_name: 'image',
      type: 'rectanglelabels',
      original_width: imageWidth,
      original_height: imageHeight,
      image_rotation: 0,
      value: {
        x: (box.x / imageWidth) * 100,
        y: (box.y / imageHeight) * 100,
        width: (box.width / imageWidth) * 100,
        height: (box.height / imageHeight) * 100,
        rotation: 0,
        rectanglelabels: [box.label],
      },
    };
  });
  return [...boxes, ...reasonEntry(annotation.answers['reason'], 'image')];
}
