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
import { spanOf, textOf } from './check.ts';

/** `labels` (and `hypertextlabels` with global offsets) become spans, one for each label given. */
export function fromLabelStudio(
  result: readonly unknown[],
  asset: AssetFacts,
  report: (what: string) => void,
): Annotation {
  const text = textOf(asset);
  const regions: Region[] = [];
  const answers: Record<string, Json> = {};
  const taken = new Set<string>();
  readEntries(result, report).forEach((item, i) => {
    if (item.type === 'textarea') Object.assign(answers, reasonOf(item));
    else if (item.type === 'labels' || item.type === 'hypertextlabels') {
      const place = placeOf(item, text);
      const labels = stringsAt(item, item.type);
      if (place === null) report(`result[${i}]: start and end do not fit the text; left out`);
      else if (labels.length === 0) report(`result[${i}]: a span without a label; left out`);
      else
        for (const label of labels)
          regions.push({
            id: regionIdOf(item, i, taken),
            kind: 'span',
            label,
            shape: place,
            ...(typeof item.score === 'number' && item.score >= 0 && item.score <= 1
              ? { score: item.score }
              : {}),
          });
    } else reportOther([item], report);
  });
  return { regions: regions.sort((a, b) => (a.id < b.id ? -1 : 1)), answers };
}

type Place = { start: number; end: number };

/** Offsets in UTF-16 units. Tools that count code points are recognised by the quoted text. */
function placeOf(item: LabelStudioEntry, text: string): Place | null {
  const globals = item.value?.['globalOffsets'] as { start?: unknown; end?: unknown } | undefined;
  const start = typeof globals?.start === 'number' ? globals.start : numberAt(item, 'start');
  const end = typeof globals?.end === 'number' ? globals.end : numberAt(item, 'end');
  if (start === null || end === null || start >= end || start < 0) return null;
  const quoted = item.value?.['text'];
  const asUnits = end <= text.length ? { start, end } : null;
  if (typeof quoted !== 'string' || asUnits === null || text.slice(start, end) === quoted) return asUnits;
  const points = [...text];
  if (points.slice(start, end).join('') !== quoted) return asUnits;
  const before = points.slice(0, start).join('').length;
  return { start: before, end: before + quoted.length };
}

export function toLabelStudio(annotation: Annotation, asset: AssetFacts): Json[] {
  const text = textOf(asset);
  const spans = annotation.regions.map((region): Json => {
    const { start, end, label } = spanOf(region);
    return {
      id: region.id,
      from_name: 'label',
      to_name: 'text',
      type: 'labels',
      value: { start, end, text: text.slice(start, end), labels: [label] },
    };
  });
  return [...spans, ...reasonEntry(annotation.answers['reason'], 'text')];
}
