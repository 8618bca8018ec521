import type { Span } from '../../agreement/spans.ts';
import type { FieldError } from '../../errors/concord-error.ts';
import type { Annotation, Region } from '../../records/annotation.ts';
import type { LabelSchema } from '../../records/label-schema.ts';
import { checkClass, checkKind, checkNumbers } from '../checks.ts';
import type { AssetFacts } from '../modality.ts';

/** The text that offsets count in, in UTF-16 code units. */
export function textOf(asset: AssetFacts): string {
  const text = asset.data['text'];
  return typeof text === 'string' ? text : '';
}

export function spanOf(region: Region): Span {
  return { start: Number(region.shape['start']), end: Number(region.shape['end']), label: region.label };
}

export function spansOf(annotation: Annotation): Span[] {
  return annotation.regions.map(spanOf);
}

/** Whether an offset would fall between the two halves of one character. */
function splitsCharacter(text: string, offset: number): boolean {
  return /[\uD800-\uDBFF]/.test(text[offset - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[offset] ?? '');
}

export function checkSpan(region: Region, schema: LabelSchema, asset: AssetFacts): FieldError[] {
  const errors = [
    ...checkKind(region, 'span'),
    ...checkClass('label', region.label, schema),
    ...checkNumbers(region, ['start', 'end']),
  ];
  if (errors.length > 0) return errors;
  const { start, end } = spanOf(region);
  const text = textOf(asset);
  for (const [key, value] of [
    ['start', start],
    ['end', end],
  ] as const) {
    if (!Number.isInteger(value) || value < 0 || value > text.length)
      errors.push({
        path: `shape.${key}`,
        message: `${key} ${value} is outside the text`,
        value,
        remedy: `Give a whole number from 0 to ${text.length} (UTF-16 code units).`,
      });
    else if (splitsCharacter(text, value))
      errors.push({
        path: `shape.${key}`,
        message: `${key} ${value} is in the middle of a character`,
        value,
        remedy: `Use ${value - 1} or ${value + 1}: offsets count UTF-16 code units, and this character has two.`,
      });
  }
  if (errors.length === 0 && start >= end)
    errors.push({
      path: 'shape.end',
      message: `the span is empty (start ${start}, end ${end})`,
      value: end,
      remedy: 'Give an end after the start; the end is exclusive.',
    });
  return errors;
}
