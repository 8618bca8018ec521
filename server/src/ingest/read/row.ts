import type { Encoding, ImportError } from '@concord/core/records/import';
import { type Json, jsonProblem } from '@concord/core/records/json';

/** One row of a file, or why it could not be read. `row` counts from 1: lines in tables and JSON lines, items in a JSON list. */
export type Row =
  | { readonly row: number; readonly values: Readonly<Record<string, Json>> }
  | { readonly error: ImportError };

const SHOWN = 200;

export function wrong(
  row: number,
  message: string,
  remedy: string,
  more: { readonly value?: string; readonly until?: number } = {},
): { readonly error: ImportError } {
  const { value, until } = more;
  return {
    error: {
      row,
      ...(until === undefined || until <= row ? {} : { until }),
      path: '(row)',
      message,
      ...(value === undefined ? {} : { value: value.slice(0, SHOWN) }),
      remedy,
    },
  };
}

const names: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'windows-1252': 'Windows-1252',
  'utf-16': 'UTF-16',
};
export const encodingName = (encoding: Encoding): string => names[encoding];

export const encodingRemedy = (encoding: Encoding): string =>
  encoding === 'utf-8'
    ? 'Choose the encoding the file has (Windows-1252 for most files from Western Europe that are not UTF-8), or save it as UTF-8.'
    : 'Choose the encoding the file has, or save it as UTF-8.';

export const notEncoded = (row: number, encoding: Encoding, value: string) =>
  wrong(row, `is not ${encodingName(encoding)} text`, encodingRemedy(encoding), { value });

export const tooLong = (row: number, value: string) =>
  wrong(row, 'is longer than 8 MB', 'Leave it out, or split it.', { value });

/** A JSON value as a row. `what` is how the file should be written. */
export function rowOf(row: number, value: unknown, what: string): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong(row, 'is not an object', what, { value: JSON.stringify(value).slice(0, SHOWN) });
  // Whatever walks through it later may recurse.
  const problem = jsonProblem(value);
  if (problem !== null) return wrong(row, problem.message, problem.remedy);
  return { row, values: value as Readonly<Record<string, Json>> };
}
