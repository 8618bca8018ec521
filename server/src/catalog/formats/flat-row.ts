import type { Modality } from '@concord/core/modalities/modality';
import type { DatasetRecord } from '@concord/core/versioning/record';

/** Columns of the flat formats (CSV, Parquet), in order, with their Parquet types. JSON columns hold JSON text. */
export const columns = [
  { name: 'task', type: 'STRING' },
  { name: 'number', type: 'INT32' },
  { name: 'revision', type: 'INT32' },
  { name: 'asset_hash', type: 'STRING' },
  /** The asset's inline data as JSON: {"text": …}, {"prompt": …}; {} for files. */
  { name: 'data', type: 'STRING' },
  { name: 'file', type: 'STRING' },
  { name: 'meta', type: 'STRING' },
  /** The settled answer in words, and as JSON. */
  { name: 'label', type: 'STRING' },
  { name: 'answer', type: 'STRING' },
  { name: 'agreement', type: 'DOUBLE' },
  { name: 'confidence', type: 'DOUBLE' },
  /** consensus, decision or import; how, why, and by whom. */
  { name: 'settled_by', type: 'STRING' },
  { name: 'reason', type: 'STRING' },
  { name: 'decided_by', type: 'STRING' },
  { name: 'decision', type: 'STRING' },
  /** JSON object: annotator's sign-in name -> label in words. */
  { name: 'labels', type: 'STRING' },
  /** JSON array: everybody's annotation with blind, time and lead time. */
  { name: 'annotations', type: 'STRING' },
  { name: 'annotators', type: 'INT32' },
  { name: 'schema_version', type: 'INT32' },
  { name: 'guidelines_version', type: 'INT32' },
  { name: 'settled_at', type: 'STRING' },
] as const;

export type FlatRow = Record<(typeof columns)[number]['name'], string | number | null>;

export function flatRow(record: DatasetRecord, modality: Modality): FlatRow {
  const { settledBy } = record;
  return {
    task: record.task,
    number: record.seq,
    revision: record.revision,
    asset_hash: record.asset.hash,
    data: JSON.stringify(record.asset.data),
    file: record.asset.blob?.name ?? null,
    meta: JSON.stringify(record.asset.meta),
    label: modality.summary(record.answer),
    answer: JSON.stringify(record.answer),
    agreement: record.agreement,
    confidence: record.confidence,
    settled_by: settledBy.kind,
    reason: settledBy.reason,
    decided_by: settledBy.kind === 'decision' ? settledBy.userId : null,
    decision: JSON.stringify(settledBy),
    labels: JSON.stringify(
      Object.fromEntries(record.contributions.map((c) => [c.name, modality.summary(c.annotation)])),
    ),
    annotations: JSON.stringify(record.contributions),
    annotators: record.contributions.length,
    schema_version: record.schemaVersion,
    guidelines_version: record.guidelinesVersion,
    settled_at: new Date(record.at).toISOString(),
  };
}
