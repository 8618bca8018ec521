import type { DatasetRecord } from '@concord/core/versioning/record';
import type { Formatter } from './formatter.ts';

/** One record a line, as it stands in the version. */
export const jsonLines: Formatter = {
  type: 'application/x-ndjson',
  extension: 'jsonl',
  async *write(records) {
    for await (const batch of records) yield batch.map((r) => `${JSON.stringify(r)}\n`).join('');
  },
};

/** The same as one JSON array. */
export const jsonArray: Formatter = {
  type: 'application/json',
  extension: 'json',
  write: (records) => list(records, (r) => JSON.stringify(r)),
};

/** A JSON array written piece by piece. */
export async function* list(
  records: AsyncIterable<readonly DatasetRecord[]>,
  line: (record: DatasetRecord) => string,
): AsyncGenerator<string> {
  let first = true;
  yield '[';
  for await (const batch of records) {
    if (batch.length === 0) continue;
    yield `${first ? '\n' : ',\n'}${batch.map(line).join(',\n')}`;
    first = false;
  }
  yield '\n]\n';
}
