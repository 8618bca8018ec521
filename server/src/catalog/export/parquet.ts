import { type DatasetRecord, decodeRecord } from '@concord/core/versioning/record';
import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { type Column, flatColumns } from './columns.ts';
import type { ExportSource } from './export-version.ts';

/** A row group ends after so many rows, or so much JSON, whichever comes first: memory stays flat, readers may skip groups. */
const GROUP_ROWS = 20_000;
const GROUP_CHARS = 16 << 20;

const types: Readonly<Record<Column['type'], BasicType>> = {
  text: 'STRING',
  int: 'INT32',
  number: 'DOUBLE',
  time: 'TIMESTAMP',
};

/**
 * Parquet (snappy), row group by row group. Nested values are JSON in text columns, which every reader takes. The footer's
 * `concord` entry names project and commit.
 */
export async function* writeParquet(source: ExportSource): AsyncGenerator<Uint8Array> {
  const columns = flatColumns(source);
  const bytes = new ByteWriter();
  const { version, project } = source;
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnData(columns, []) }),
    kvMetadata: [
      {
        key: 'concord',
        value: JSON.stringify({ project: project.id, commit: version.id, root: version.commit.root }),
      },
    ],
    createdBy: 'concord',
  });
  let rows: DatasetRecord[] = [];
  let chars = 0;
  for await (const batch of source.batches()) {
    for (const line of batch) {
      rows.push(decodeRecord(line));
      chars += line.length;
    }
    if (rows.length < GROUP_ROWS && chars < GROUP_CHARS) continue;
    writer.write({ columnData: columnData(columns, rows), rowGroupSize: rows.length });
    yield takeBytes(bytes);
    rows = [];
    chars = 0;
  }
  if (rows.length > 0) writer.write({ columnData: columnData(columns, rows), rowGroupSize: rows.length });
  writer.finish();
  yield takeBytes(bytes);
}

function columnData(columns: readonly Column[], rows: readonly DatasetRecord[]) {
  return columns.map((column) => ({
    name: column.name,
    type: types[column.type],
    nullable: true,
    data: rows.map((row) => column.value(row)),
  }));
}

/** What was written since the last call; the writer goes on with an empty buffer and its offsets in the file. */
function takeBytes(writer: ByteWriter): Uint8Array {
  const taken = new Uint8Array(writer.buffer.slice(0, writer.index));
  writer.index = 0;
  return taken;
}
