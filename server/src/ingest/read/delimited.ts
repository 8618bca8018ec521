import { ConcordError } from '@concord/core/errors/concord-error';
import type { Encoding } from '@concord/core/records/import';
import { type Line, LONGEST } from './lines.ts';
import { encodingName, encodingRemedy, notEncoded, type Row, tooLong, wrong } from './row.ts';

export type Delimiter = ',' | ';' | '\t' | '|';
const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];

/** The delimiter that the header has most of, outside quotes; `preferred` where it has it at all. */
export function sniffDelimiter(header: string, preferred: Delimiter): Delimiter {
  const plain = header.replace(/"(?:[^"]|"")*("|$)/g, '');
  const count = (delimiter: Delimiter) => plain.split(delimiter).length - 1;
  if (preferred === '\t' && count('\t') > 0) return '\t';
  return delimiters.reduce((best, one) => (count(one) > count(best) ? one : best), preferred);
}

/** A row while its lines are read: only a quoted cell goes over more than one. */
interface Begun {
  readonly line: number;
  readonly cells: string[];
  /** What a quoted cell that is not closed yet holds so far; null outside quotes. */
  open: string[] | null;
  size: number;
  /** The line that is not in the file's encoding, where there is one. */
  bad: Line | null;
}

/** Reads one more line into a row: whether it is whole now, goes on in the next line, or what is wrong with it. */
function readLine(row: Begun, text: string, delimiter: Delimiter): 'whole' | 'open' | 'text after a quote' {
  const end = text.endsWith('\r') ? text.length - 1 : text.length;
  let at = 0;
  for (;;) {
    if (row.open !== null || text[at] === '"') {
      const from = row.open === null ? at : -1;
      const cell = row.open ?? [];
      const after = closeQuote(text, row.open === null ? at + 1 : at, cell);
      if (after === null) {
        row.open = cell;
        cell.push('\n');
        return 'open';
      }
      if (after < end && text[after] !== delimiter) {
        // Many a file with tabs quotes nothing: there a cell may just begin with a quote.
        if (delimiter !== '\t' || from < 0) return 'text after a quote';
        at = plainCell(row, text, from, end, delimiter);
      } else {
        row.open = null;
        row.cells.push(cell.join(''));
        at = after;
      }
    } else at = plainCell(row, text, at, end, delimiter);
    if (at >= end) return 'whole';
    at += 1;
  }
}

/** Takes the cell up to the next delimiter as it stands; where it ends. */
function plainCell(row: Begun, text: string, from: number, end: number, delimiter: Delimiter): number {
  const next = text.indexOf(delimiter, from);
  const to = next < 0 || next > end ? end : next;
  row.cells.push(text.slice(from, to));
  return to;
}

/** Reads a quoted cell from behind its opening quote; the place behind the closing one, or null where the line ends first. */
function closeQuote(text: string, from: number, cell: string[]): number | null {
  for (let at = from; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      cell.push(text.slice(at));
      return null;
    }
    if (text[quote + 1] !== '"') {
      cell.push(text.slice(at, quote));
      return quote + 1;
    }
    cell.push(text.slice(at, quote + 1));
    at = quote + 2;
  }
}

/** Names of the columns, each once. */
function columnsOf(cells: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, i) => {
    const name = cell.trim() || `column ${i + 1}`;
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return n === 1 ? name : `${name} (${n})`;
  });
}

/**
 * Rows of a table with a header. A row that cannot be read is named once and left out. A quote that is never closed
 * takes the lines after it along: how many is said, since nobody can know where the next row begins.
 */
export async function* delimitedRows(
  lines: AsyncIterable<readonly Line[]>,
  preferred: Delimiter,
  encoding: Encoding,
): AsyncGenerator<Row> {
  let delimiter: Delimiter = preferred;
  let columns = null as string[] | null;
  let row: Begun | null = null;
  let last = 0;

  const lost = (begun: Begun, until: number, why: string): Row =>
    wrong(begun.line, why, 'Close every quote; write a quote inside a quoted cell twice.', {
      value: begun.cells[0] ?? begun.open?.[0] ?? '',
      until,
    });
  const unclosed = (begun: Begun, until: number): Row =>
    lost(
      begun,
      until,
      until > begun.line
        ? `a quote that is opened in this row is not closed: rows ${begun.line} to ${until} (${until - begun.line + 1}) were not read`
        : 'a quote that is opened in this row is not closed',
    );

  function finish(begun: Begun): Row | null {
    if (begun.bad !== null) {
      if (columns === null)
        throw unreadableHeader(
          begun.bad.number,
          `is not ${encodingName(encoding)} text`,
          encodingRemedy(encoding),
        );
      return notEncoded(begun.line, encoding, begun.bad.text);
    }
    if (columns === null) {
      columns = columnsOf(begun.cells);
      return null;
    }
    if (begun.cells.length !== columns.length)
      return wrong(
        begun.line,
        `has ${begun.cells.length} ${begun.cells.length === 1 ? 'cell' : 'cells'}, the header has ${columns.length}`,
        'Give each row as many cells as the header has, and put cells that hold the delimiter between quotes.',
        { value: begun.cells.join(delimiter) },
      );
    return {
      row: begun.line,
      values: Object.fromEntries(columns.map((name, i) => [name, begun.cells[i] ?? ''])),
    };
  }

  for await (const batch of lines) {
    for (const line of batch) {
      last = line.number;
      if (row === null) {
        if (line.text.trim() === '' && line.bad === null) continue;
        if (line.bad === 'long') {
          if (columns === null) throw unreadableHeader(line.number, 'is longer than 8 MB');
          yield tooLong(line.number, line.text);
          continue;
        }
        if (columns === null) delimiter = sniffDelimiter(line.text, preferred);
        row = { line: line.number, cells: [], open: null, size: 0, bad: null };
      }
      if (line.bad === 'encoding') row.bad ??= line;
      row.size += line.text.length;
      const state = line.bad === 'long' ? 'open' : readLine(row, line.text, delimiter);
      if (state === 'open') {
        const most: number = columns?.length ?? Number.POSITIVE_INFINITY;
        if (line.bad !== 'long' && row.size <= LONGEST && row.cells.length < most) continue;
        if (columns === null) throw unreadableHeader(row.line, 'opens a quote that is not closed');
        yield unclosed(row, line.number);
      } else if (state === 'whole') {
        const found = finish(row);
        if (found !== null) yield found;
      } else if (columns === null) throw unreadableHeader(row.line, 'has text after a closing quote');
      else if (row.line < line.number) yield unclosed(row, line.number);
      else yield lost(row, line.number, 'text follows a closing quote');
      row = null;
    }
  }
  if (row === null) return;
  if (columns === null) throw unreadableHeader(row.line, 'opens a quote that is not closed');
  yield unclosed(row, last);
}

function unreadableHeader(
  line: number,
  why: string,
  remedy = 'Let the first line name the columns.',
): ConcordError {
  return new ConcordError('input.invalid', `Line ${line}, the header, ${why}.`, [
    { path: 'file', message: `line ${line} ${why}`, remedy },
  ]);
}
