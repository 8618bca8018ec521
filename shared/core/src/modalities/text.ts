import type { Annotation } from '../records/annotation.ts';

/** Longest text an asset may hold, in UTF-16 units. */
export const MAX_TEXT = 1_000_000;
const PREVIEW = 200;

/** The first characters on one line, never half of a surrogate pair. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, PREVIEW * 4)
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= PREVIEW) return line;
  const cut = line.slice(0, PREVIEW - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** "3 boxes: boat ×2, person"; the commonest first. */
export function countedLabels(annotation: Annotation, one: string, many: string): string {
  const n = annotation.regions.length;
  if (n === 0) return `no ${many}`;
  const counts = Object.entries(regionCounts(annotation)).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const parts = counts.map(([label, count]) => (count > 1 ? `${label} ×${count}` : label));
  return `${n} ${n === 1 ? one : many}: ${parts.join(', ')}`;
}

export function regionCounts(annotation: Annotation): Record<string, number> {
  const counts = new Map<string, number>();
  for (const region of annotation.regions) counts.set(region.label, (counts.get(region.label) ?? 0) + 1);
  return Object.fromEntries(counts);
}
