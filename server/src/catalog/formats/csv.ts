import { stringify } from 'csv-stringify/sync';
import { columns, flatRow } from './flat-row.ts';
import type { Formatter } from './formatter.ts';

const header = columns.map((c) => c.name);

/**
 * CSV with a header. Cells that a spreadsheet would run as a formula (= + - @ at the start) get an apostrophe in front,
 * as spreadsheets themselves write text; the JSON formats hold the value untouched.
 */
export const csv: Formatter = {
  type: 'text/csv; charset=utf-8',
  extension: 'csv',
  async *write(records, modality) {
    yield stringify([header]);
    for await (const batch of records) {
      const rows = batch.map((record) => {
        const row = flatRow(record, modality);
        return columns.map(({ name }) => harmless(row[name]));
      });
      if (rows.length > 0) yield stringify(rows);
    }
  },
};

const harmless = (value: string | number | null) =>
  typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
