import type { Box } from '../../agreement/boxes.ts';
import type { FieldError } from '../../errors/concord-error.ts';
import type { Annotation, Region } from '../../records/annotation.ts';
import type { LabelSchema } from '../../records/label-schema.ts';
import { checkClass, checkKind, checkNumbers } from '../checks.ts';
import type { AssetFacts } from '../modality.ts';

/** Pixels by which a box may pass the image's edge: percentages and zoomed pointers do not divide evenly. */
const TOLERANCE = 0.01;

/** Shortest side of a box, in pixels: what percentages are rounded to, and far below what anybody can draw. */
const SHORTEST = 0.001;

export function boxOf(region: Region): Box {
  const { x, y, width, height } = region.shape;
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height), label: region.label };
}

export function boxesOf(annotation: Annotation): Box[] {
  return annotation.regions.map(boxOf);
}

export function checkBox(region: Region, schema: LabelSchema, asset: AssetFacts): FieldError[] {
  const errors = [
    ...checkKind(region, 'box'),
    ...checkClass('label', region.label, schema),
    ...checkNumbers(region, ['x', 'y', 'width', 'height']),
  ];
  if (errors.length > 0) return errors;
  const box = boxOf(region);
  return [
    ...checkSide('x', 'width', box.x, box.width, asset.width),
    ...checkSide('y', 'height', box.y, box.height, asset.height),
  ];
}

function checkSide(
  from: 'x' | 'y',
  size: 'width' | 'height',
  start: number,
  length: number,
  limit: number | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  if (start < -TOLERANCE || (limit !== undefined && start > limit + TOLERANCE))
    errors.push({
      path: `shape.${from}`,
      message: `${from} ${start} is outside the image`,
      value: start,
      remedy: `Give 0 to ${limit ?? 'the image’s size'} pixels of the original.`,
    });
  if (length < SHORTEST)
    errors.push({
      path: `shape.${size}`,
      message: `the box has no ${size}`,
      value: length,
      remedy: `Give a ${size} of at least ${SHORTEST} pixels.`,
    });
  else if (limit !== undefined && start + length > limit + TOLERANCE)
    errors.push({
      path: `shape.${size}`,
      message: `the box ends at ${start + length}, outside the image`,
      value: length,
      remedy: `Keep ${from} + ${size} within ${limit} pixels.`,
    });
  return errors;
}
