import type { Encoding } from '@concord/core/records/import';
import { decode, type Piece } from './decode.ts';
import { delimitedRows } from './delimited.ts';
import type { Table } from './format.ts';
import { jsonLineRows, jsonRows } from './json-rows.ts';
import { LONGEST, linesOf } from './lines.ts';
import { notEncoded, type Row, tooLong, wrong } from './row.ts';

/** The rows of a table, list or text, as they come. Throws `input.invalid` only for a file that has no rows to speak of. */
export function rowsOf(
  format: Table,
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Row> {
  const pieces = decode(bytes, encoding);
  switch (format) {
    case 'csv':
      return delimitedRows(linesOf(pieces), ',', encoding);
    case 'tsv':
      return delimitedRows(linesOf(pieces), '\t', encoding);
    case 'text':
      return textRows(pieces, encoding);
    case 'jsonl':
      return jsonLineRows(linesOf(pieces), encoding);
    case 'json':
      return jsonRows(pieces, encoding);
  }
}

/** A whole text file as one row. */
async function* textRows(pieces: AsyncIterable<Piece>, encoding: Encoding): AsyncGenerator<Row> {
  let text = '';
  let bad: string | null = null;
  for await (const piece of pieces) {
    if (piece.bad && bad === null) bad = piece.text;
    text += piece.text;
    if (text.length > LONGEST) {
      yield tooLong(1, text);
      return;
    }
  }
  if (bad !== null) {
    const line = text.slice(0, text.indexOf(bad)).split('\n').length;
    yield notEncoded(line, encoding, bad);
  } else if (text.trim() === '') yield wrong(1, 'the file is empty', 'Leave it out.');
  else yield { row: 1, values: { text } };
}
