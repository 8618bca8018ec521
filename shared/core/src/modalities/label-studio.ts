import { z } from 'zod';
import type { Json } from '../records/json.ts';

/** One entry of a Label Studio `result` list, as far as every type has it. */
const entry = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  type: z.string(),
  from_name: z.string().optional(),
  value: z.record(z.string(), z.unknown()).optional(),
  score: z.number().nullish(),
  original_width: z.number().optional(),
  original_height: z.number().optional(),
});
export type LabelStudioEntry = z.infer<typeof entry>;

/** The entries that have a type and an object as value; the others are reported. */
export function readEntries(result: readonly unknown[], report: (what: string) => void): LabelStudioEntry[] {
  const entries: LabelStudioEntry[] = [];
  result.forEach((raw, i) => {
    const parsed = entry.safeParse(raw);
    if (parsed.success) entries.push(parsed.data);
    else report(`result[${i}]: ${parsed.error.issues[0]?.message ?? 'not readable'}; left out`);
  });
  return entries;
}

/** The list of strings at `value[key]`; a lone string counts as a list of one. */
export function stringsAt(item: LabelStudioEntry, key: string): string[] {
  const value = item.value?.[key];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
}

export function numberAt(item: LabelStudioEntry, key: string): number | null {
  const value = item.value?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A region id made of theirs: ours allow letters, digits, - and _, 40 at most, and may be used once. */
export function regionIdOf(item: LabelStudioEntry, index: number, taken: Set<string>): string {
  const base = String(item.id ?? '')
    .replace(/[^A-Za-z0-9_-]/g, '_')
    .slice(0, 32);
  let id = base === '' ? `ls${index + 1}` : base;
  for (let n = 2; taken.has(id); n++) id = `${base || 'ls'}_${n}`;
  taken.add(id);
  return id;
}

export function reasonEntry(reason: Json | undefined, toName: string): Json[] {
  return typeof reason === 'string' && reason !== ''
    ? [{ id: 'reason', from_name: 'reason', to_name: toName, type: 'textarea', value: { text: [reason] } }]
    : [];
}

/** Free text as our reason, several lines joined. */
export function reasonOf(item: LabelStudioEntry): Record<string, Json> {
  const text = stringsAt(item, 'text').join('\n');
  return text === '' ? {} : { reason: text };
}

/** Says once per type that these entries have no place here. */
export function reportOther(items: readonly LabelStudioEntry[], report: (what: string) => void): void {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item.type, (counts.get(item.type) ?? 0) + 1);
  for (const [type, n] of counts)
    report(`${n} ${type} ${n === 1 ? 'entry has' : 'entries have'} no place here; left out`);
}
