import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { columns, type FlatRow, flatRow } from './flat-row.ts';
import type { Formatter } from './formatter.ts';

const ROW_GROUP = 20_000;

/** Parquet in row groups of 20,000, written as they fill. */
export const parquet: Formatter = {
  type: 'application/vnd.apache.parquet',
  extension: 'parquet',
  async *write(records, modality) {
    const writer = new ByteWriter();
    let handed = 0;
    const file = new ParquetWriter({
      writer,
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ name, type }) =>
          type === 'STRING'
            ? ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const)
            : ({ name, type, repetition_type: 'OPTIONAL' } as const),
        ),
      ],
    });
    /** What was written since the last piece. */
    const fresh = (): Uint8Array => {
      const bytes = new Uint8Array(writer.getBuffer().slice(handed, writer.offset));
      handed = writer.offset;
      return bytes;
    };
    let rows: FlatRow[] = [];
    const flush = () => {
      file.write({ columnData: columns.map(({ name }) => ({ name, data: rows.map((row) => row[name]) })) });
      rows = [];
    };
    for await (const batch of records) {
      for (const record of batch) rows.push(flatRow(record, modality));
      if (rows.length >= ROW_GROUP) {
        flush();
        yield fresh();
      }
    }
    if (rows.length > 0) flush();
    file.finish();
    yield fresh();
  },
};
