import { Readable } from 'node:stream';
import { ConcordError } from '@concord/core/errors/concord-error';
import type { ImportError, ImportJob } from '@concord/core/records/import';
import type { Json } from '@concord/core/records/json';
import { JSONParser } from '@streamparser/json-node';
import { parse } from 'csv-parse';

export type Format = ImportJob['format'];

/** One row of a file, or why it could not be read. `row` counts from 1 (the header of a CSV file is row 1). */
export type Row =
  | { readonly row: number; readonly values: Readonly<Record<string, Json>> }
  | { readonly error: ImportError };

const LONGEST_LINE = 8 * 1024 * 1024;

const wrong = (row: number, message: string, remedy: string, value?: unknown): Row => ({
  error: {
    row,
    path: '(row)',
    message,
    remedy,
    ...(value === undefined ? {} : { value: String(value).slice(0, 200) }),
  },
});

/** Takes a byte order mark away; refuses UTF-16, which would come out as noise. */
async function* utf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of bytes) {
    if (first && chunk.length > 0) {
      first = false;
      if ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff)) {
        throw new ConcordError('input.invalid', 'The file is UTF-16. Save it as UTF-8 and import it again.', [
          { path: 'file', message: 'is UTF-16', remedy: 'Save it as UTF-8.' },
        ]);
      }
      if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) {
        yield chunk.subarray(3);
        continue;
      }
    }
    yield chunk;
  }
}

/** Rows of a CSV or TSV file with a header. A row with a wrong number of cells, or broken quotes, is named and left out. */
export async function* delimitedRows(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: ',' | '\t' | ';',
): AsyncGenerator<Row> {
  const skipped: Row[] = [];
  const parser = parse({
    delimiter,
    columns: (header: string[]) => header.map((name, i) => name.trim() || `column ${i + 1}`),
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_LINE,
    relax_quotes: delimiter === '\t',
  });
  parser.on('skip', (error: Error & { lines?: number }) => {
    skipped.push(
      wrong(
        error.lines ?? 0,
        error.message,
        'Give each row as many cells as the header has, and close every quote.',
      ),
    );
  });
  const source = Readable.from(utf8(bytes));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number };
  }>) {
    yield* skipped.splice(0);
    yield { row: info.lines, values: record };
  }
  yield* skipped;
}

/** One JSON object a line. */
export async function* jsonLineRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let row = 0;
  const read = (line: string): Row | null => {
    row += 1;
    if (line.trim() === '') return null;
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return { row, values: value as Record<string, Json> };
      return wrong(row, 'is not an object', 'Write one JSON object a line.', line);
    } catch {
      return wrong(row, 'is not JSON', 'Write one JSON object a line.', line);
    }
  };
  for await (const chunk of utf8(bytes)) {
    rest += decode(decoder, chunk);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE)
      throw new ConcordError('input.too_large', `Line ${row + lines.length + 1} is longer than 8 MB.`);
    for (const line of lines) {
      const found = read(line);
      if (found !== null) yield found;
    }
  }
  const last = read(rest);
  if (last !== null) yield last;
}

function decode(
  decoder: { decode(chunk: Uint8Array, options: { stream: boolean }): string },
  chunk: Uint8Array,
): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new ConcordError(
      'input.invalid',
      'The file is not UTF-8 text. Save it as UTF-8 and import it again.',
      [{ path: 'file', message: 'is not UTF-8', remedy: 'Save it as UTF-8.' }],
    );
  }
}

/** The elements of one JSON array, read as they come. */
export async function* jsonArrayRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
  const source = Readable.from(utf8(bytes));
  source.on('error', (error) => parser.destroy(error));
  let row = 0;
  try {
    for await (const { value } of source.pipe(parser) as unknown as AsyncIterable<{ value: unknown }>) {
      row += 1;
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        yield { row, values: value as Record<string, Json> };
      else yield wrong(row, 'is not an object', 'Give a list of objects.', JSON.stringify(value));
    }
  } catch (error) {
    if (error instanceof ConcordError) throw error;
    yield wrong(
      row + 1,
      `the JSON ends or breaks here: ${(error as Error).message}`,
      'Check the file with a JSON tool; the rows before this one are in.',
    );
  }
}

/** A whole text file as one row. */
export async function* textRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const chunk of utf8(bytes)) {
    text += decode(decoder, chunk);
    if (text.length > LONGEST_LINE) throw new ConcordError('input.too_large', 'A text is at most 8 MB.');
  }
  yield text.trim() === '' ? wrong(1, 'the file is empty', 'Leave it out.') : { row: 1, values: { text } };
}

const byExtension: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  txt: 'text',
  md: 'text',
  text: 'text',
  eml: 'text',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  webp: 'image',
  zip: 'zip',
};

/** What a file is, by its first bytes and then by its name. Throws `input.invalid` naming what can be read. */
export function detect(name: string, head: Uint8Array): Format {
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) return 'zip';
  if (imageType(head) !== null) return 'image';
  const format = byExtension[name.split('.').at(-1)?.toLowerCase() ?? ''];
  if (format === 'json' || format === 'jsonl') {
    const start = new TextDecoder()
      .decode(head.subarray(0, 64))
      .replace(/^\uFEFF/, '')
      .trimStart()[0];
    return start === '[' ? 'json' : 'jsonl';
  }
  if (format === undefined || format === 'zip' || format === 'image') {
    throw new ConcordError('input.invalid', `${name} cannot be read.`, [
      {
        path: 'name',
        message: 'is of no kind that can be imported',
        value: name,
        remedy: 'Give CSV, TSV, JSON, JSONL, TXT, PNG, JPEG, WebP, or a zip of them.',
      },
    ]);
  }
  return format;
}

export function imageType(head: Uint8Array): string | null {
  if (head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47) return 'image/png';
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (
    Buffer.from(head.subarray(0, 4)).toString('latin1') === 'RIFF' &&
    Buffer.from(head.subarray(8, 12)).toString('latin1') === 'WEBP'
  )
    return 'image/webp';
  return null;
}

/** The rows of a table or list. */
export function rowsOf(format: Format, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  if (format === 'csv') return delimitedRows(bytes, ',');
  if (format === 'tsv') return delimitedRows(bytes, '\t');
  if (format === 'json') return jsonArrayRows(bytes);
  if (format === 'text') return textRows(bytes);
  return jsonLineRows(bytes);
}
