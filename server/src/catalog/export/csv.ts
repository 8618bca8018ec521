import { decodeRecord } from '@concord/core/versioning/record';
import { stringify } from 'csv-stringify/sync';
import { annotatorNames, type Column, flatColumns } from './columns.ts';
import type { ExportSource } from './export-version.ts';

/** More people than this get no column each; the `labels` column has all of them. */
const MOST_ANNOTATOR_COLUMNS = 200;

/**
 * RFC 4180 with a header, one row an item: the flat columns, then one `label:<name>` column a person with their answer in a word.
 * A cell of text that begins with = + - @ or a control character gets an apostrophe before it, since spreadsheets would run it
 * as a formula; numbers stay as they are. Parquet and JSON hold the exact text.
 */
export async function* writeCsv(source: ExportSource): AsyncGenerator<string> {
  const columns = [...flatColumns(source), ...(await annotatorColumns(source))];
  yield stringify([columns.map((column) => column.name)], {
    escape_formulas: true,
    record_delimiter: '\r\n',
  });
  for await (const batch of source.batches()) {
    const rows = batch.map((line) => {
      const record = decodeRecord(line);
      return columns.map((column) => cell(column, column.value(record)));
    });
    yield stringify(rows, { record_delimiter: '\r\n' });
  }
}

function cell(column: Column, value: ReturnType<Column['value']>): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return column.type === 'text' ? withoutFormula(String(value)) : String(value);
}

export function withoutFormula(value: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
}

async function annotatorColumns(source: ExportSource): Promise<Column[]> {
  const names = new Set<string>();
  for await (const batch of source.batches()) {
    annotatorNames(batch.map(decodeRecord), names);
    if (names.size > MOST_ANNOTATOR_COLUMNS) return [];
  }
  const modality = source.modalities.get(source.project.schema.modality);
  return [...names].sort().map((name) => ({
    name: `label:${name}`,
    type: 'text',
    value: (record) => {
      const own = record.contributions.find((contribution) => contribution.name === name);
      return own === undefined ? null : (modality?.summary(own.annotation) ?? JSON.stringify(own.annotation));
    },
  }));
}
