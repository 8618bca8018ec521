import { ConcordError } from '@concord/core/errors/concord-error';
import { fieldErrors } from '@concord/core/errors/parse';
import type { Modality } from '@concord/core/modalities/modality';
import type { ImportError } from '@concord/core/records/import';
import { type Json, jsonProblem } from '@concord/core/records/json';

/** Data field -> column. */
export type Mapping = Readonly<Record<string, string>>;

/** Columns by the names the modality knows, without regard to case, blanks and underscores. */
export function guessMapping(modality: Modality, columns: readonly string[]): Mapping {
  const plain = (name: string) => name.toLowerCase().replace(/[\s_-]+/g, '');
  const found: Record<string, string> = {};
  const taken = new Set<string>();
  for (const field of modality.fields) {
    const names = [field.key, ...field.aliases].map(plain);
    const column = names
      .map((name) => columns.find((c) => plain(c) === name && !taken.has(c)))
      .find((c) => c !== undefined);
    if (column === undefined) continue;
    found[field.key] = column;
    taken.add(column);
  }
  return found;
}

export function parseMapping(text: string | undefined, modality: Modality): Mapping | null {
  if (text === undefined) return null;
  const known = new Set(modality.fields.map((f) => f.key));
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    for (const [key, column] of Object.entries(value))
      if (!known.has(key) || typeof column !== 'string') throw new TypeError(key);
    return value as Mapping;
  } catch {
    throw new ConcordError('input.invalid', 'mapping: not a JSON object of data field -> column name', [
      {
        path: 'mapping',
        message: 'not understood',
        value: text.slice(0, 120),
        remedy: `Fields: ${[...known].join(', ')}. Example: {"${[...known][0]}": "column"}.`,
      },
    ]);
  }
}

export type Mapped =
  | { readonly data: Record<string, Json>; readonly meta: Record<string, Json> }
  | { readonly error: ImportError };

/** A row as the asset's data; what is mapped to nothing is kept beside it. */
export function mapRow(
  modality: Modality,
  mapping: Mapping,
  row: number,
  values: Readonly<Record<string, Json>>,
): Mapped {
  const used = new Set(Object.values(mapping));
  const raw = Object.fromEntries(Object.entries(mapping).map(([field, column]) => [field, values[column]]));
  const parsed = modality.data.safeParse(raw);
  if (!parsed.success) {
    const [first] = fieldErrors(parsed.error, raw);
    const missing = modality.fields.find(
      (f) => f.required && (mapping[f.key] === undefined || values[mapping[f.key]!] === undefined),
    );
    if (missing !== undefined) {
      return {
        error: {
          row,
          path: missing.key,
          message: 'is missing',
          remedy: `Give a column for ${missing.key} (found: ${Object.keys(values).slice(0, 12).join(', ') || 'none'}).`,
        },
      };
    }
    return {
      error: {
        row,
        path: first?.path ?? '(row)',
        message: first?.message ?? 'not valid',
        value: first?.value,
        remedy: first?.remedy ?? '',
      },
    };
  }
  const rest = Object.entries(values).filter(([column]) => !used.has(column));
  for (const [column, value] of rest) {
    const problem = jsonProblem(value);
    if (problem !== null) return { error: { row, path: column, ...problem } };
  }
  return { data: parsed.data, meta: Object.fromEntries(rest) };
}
