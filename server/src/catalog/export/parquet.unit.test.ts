import { modalities } from '@concord/core/modalities/registry';
import type { Project } from '@concord/core/records/project';
import { type DatasetRecord, encodeRecord } from '@concord/core/versioning/record';
import type { Version } from '@concord/core/versioning/repository';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { writeParquet } from './parquet.ts';

const project = { id: 'prj_a', schema: { modality: 'text-classification' } } as unknown as Project;
const version = { id: 'c0ffee', commit: { root: 'r00t' } } as unknown as Version;

function record(i: number, text: string): DatasetRecord {
  return {
    task: `tsk_${i}`,
    seq: i + 1,
    revision: 1,
    modality: 'text-classification',
    asset: { id: `ast_${i}`, hash: `h${i}`, data: { text }, meta: { row: i } },
    answer: { regions: [], answers: { label: i % 3 === 0 ? 'spam' : 'ham' } },
    agreement: i % 2 === 0 ? null : i / 7,
    confidence: 1,
    settledBy: { kind: 'consensus', method: 'majority', reason: '' },
    contributions: [],
    suggestions: [],
    schemaVersion: 1,
    guidelinesVersion: 1,
    ops: { from: 1, to: 4 },
    at: 1_700_000_000_000 + i,
  };
}

/** The file of these records as bytes, handed over some at a time. */
async function written(records: readonly DatasetRecord[], batch: number): Promise<ArrayBuffer> {
  async function* batches() {
    for (let at = 0; at < records.length; at += batch) {
      yield records.slice(at, at + batch).map(encodeRecord);
    }
  }
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeParquet({ project, version, modalities, batches })) {
    pieces.push(new Uint8Array(piece));
  }
  return new Blob(pieces).arrayBuffer();
}

describe('a Parquet file, read by another library', () => {
  it.each([
    ['many rows', Array.from({ length: 20_500 }, (_, i) => record(i, `letter ${i}`)), 1000],
    ['long rows', Array.from({ length: 12 }, (_, i) => record(i, String(i).repeat(2_000_000))), 1],
  ])('has several row groups for %s, and every row in its place', async (_, records, batch) => {
    const file = await written(records, batch);
    const { row_groups: groups } = parquetMetadata(file);
    expect(groups.length).toBeGreaterThan(1);
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(records.length);
    const wrong = rows.filter((row, i) => {
      const { task, agreement, at, asset, answer } = records[i]!;
      const settledAt = (row['settled_at'] as Date).getTime();
      return (
        row['task'] !== task ||
        row['agreement'] !== agreement ||
        settledAt !== at ||
        row['data_text'] !== asset.data['text'] ||
        row['answer'] !== answer.answers['label']
      );
    });
    expect(wrong).toEqual([]);
  });

  it('of no items has its columns, and says which version it is', async () => {
    const file = await written([], 1);
    const { schema, key_value_metadata: notes, num_rows: rows } = parquetMetadata(file);
    expect(Number(rows)).toBe(0);
    expect(schema.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['task', 'data_text', 'answer', 'agreement', 'labels', 'settled_at']),
    );
    const note = notes?.find(({ key }) => key === 'concord')?.value ?? '';
    expect(JSON.parse(note)).toEqual({ project: 'prj_a', commit: 'c0ffee', root: 'r00t' });
    expect(await parquetReadObjects({ file })).toEqual([]);
  });

  it('is the same bytes however the records come', async () => {
    const records = Array.from({ length: 300 }, (_, i) => record(i, `letter ${i}`));
    expect(await written(records, 7)).toEqual(await written(records, 300));
  });
});
