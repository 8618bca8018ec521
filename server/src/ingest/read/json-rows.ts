import { ConcordError } from '@concord/core/errors/concord-error';
import type { Encoding } from '@concord/core/records/import';
import type { Piece } from './decode.ts';
import { type Shape, type ValueText, valuesOf } from './json-values.ts';
import type { Line } from './lines.ts';
import { notEncoded, type Row, rowOf, tooLong, wrong } from './row.ts';

/** One JSON object a line. */
export async function* jsonLineRows(
  lines: AsyncIterable<readonly Line[]>,
  encoding: Encoding,
): AsyncGenerator<Row> {
  const what = 'Write one JSON object a line.';
  for await (const batch of lines) {
    for (const { number, text, bad } of batch) {
      if (bad === 'long') yield tooLong(number, text);
      else if (bad === 'encoding') yield notEncoded(number, encoding, text);
      else if (text.trim() !== '') yield parsed(number, text, what);
    }
  }
}

function parsed(row: number, text: string, what: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong(row, 'is not JSON', what, { value: text });
  }
  return rowOf(row, value, what);
}

const listRemedy = 'Check the file with a JSON tool; the items before this one are in.';

function rowOfText({ row, line, text, bad }: ValueText, encoding: Encoding): Row {
  if (bad === 'long') return tooLong(row, text);
  if (bad === 'encoding') return notEncoded(row, encoding, text);
  if (bad === 'cut')
    return wrong(row, `the file ends within this item, which begins in line ${line}`, listRemedy, {
      value: text,
    });
  if (bad === 'after')
    return wrong(row, `the list ends before line ${line}; what follows was not read`, 'Give one list.', {
      value: text,
    });
  return parsed(row, text, 'Give a list of JSON objects.');
}

/** The names a list of rows goes by in an object that wraps it. */
const wrappers: ReadonlySet<string> = new Set([
  'data',
  'examples',
  'items',
  'records',
  'results',
  'rows',
  'tasks',
]);

/** The list that an object only wraps (`{"items": […]}`), or null for an object that is a row itself. */
function wrapped(values: Readonly<Record<string, unknown>>): readonly unknown[] | null {
  const keys = Object.keys(values);
  const lists = keys.filter((key) => Array.isArray(values[key]) && (keys.length === 1 || wrappers.has(key)));
  const [key] = lists;
  return key === undefined || lists.length > 1 ? null : (values[key] as readonly unknown[]);
}

/** The rows of a JSON file: the items of one list, also inside an object that wraps it, or one or more objects. */
export async function* jsonRows(pieces: AsyncIterable<Piece>, encoding: Encoding): AsyncGenerator<Row> {
  let shape = 'other' as Shape;
  /** A first object may turn out to be all there is. */
  let first: Row | null = null;
  for await (const value of valuesOf(pieces, (found) => {
    shape = found;
  })) {
    const row = rowOfText(value, encoding);
    if (shape === 'values' && value.row === 1) {
      first = row;
      continue;
    }
    if (first !== null) yield first;
    first = null;
    yield row;
  }
  if (shape === 'other')
    throw new ConcordError('input.invalid', 'The file holds neither a JSON list nor a JSON object.', [
      {
        path: 'file',
        message: 'is not JSON with rows',
        remedy: 'Give a list of objects, or one object a line.',
      },
    ]);
  if (first === null) return;
  const list = 'values' in first ? wrapped(first.values) : null;
  if (list === null) yield first;
  else for (const [i, value] of list.entries()) yield rowOf(i + 1, value, 'Give a list of JSON objects.');
}
