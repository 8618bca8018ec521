import type { Modality } from '@concord/core/modalities/modality';
import { emptyAnnotation } from '@concord/core/records/annotation';
import type { Json } from '@concord/core/records/json';
import type { DatasetRecord } from '@concord/core/versioning/record';
import type { ExportSource } from './export-version.ts';

type Cell = string | number | boolean | Date | null;

/** A column of the flat formats. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'int' | 'number' | 'time';
  value(record: DatasetRecord): Cell;
}

const text = (name: string, value: (record: DatasetRecord) => string | null): Column => ({
  name,
  type: 'text',
  value,
});
const int = (name: string, value: (record: DatasetRecord) => number | null): Column => ({
  name,
  type: 'int',
  value,
});
const number = (name: string, value: (record: DatasetRecord) => number | null): Column => ({
  name,
  type: 'number',
  value,
});
const json = (name: string, value: (record: DatasetRecord) => unknown): Column =>
  text(name, (record) => JSON.stringify(value(record)));

/** Text stays text; everything else is written as JSON. */
function plain(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The columns of CSV and Parquet, one row an item. They depend on the project's modality alone, never on the records, so that
 * two versions of one dataset have the same columns. Asset fields begin with `data_`, the modality's own answer columns with `answer_`.
 */
export function flatColumns(source: ExportSource): Column[] {
  const modality = source.modalities.get(source.project.schema.modality);
  const summary = (annotation: DatasetRecord['answer']) => modality?.summary(annotation) ?? null;
  return [
    text('task', (r) => r.task),
    int('seq', (r) => r.seq),
    int('revision', (r) => r.revision),
    text('modality', (r) => r.modality),
    text('asset_id', (r) => r.asset.id),
    text('asset_hash', (r) => r.asset.hash),
    ...assetColumns(modality),
    json('meta', (r) => r.asset.meta),
    text('answer', (r) => summary(r.answer)),
    ...answerColumns(modality),
    json('answer_json', (r) => r.answer),
    number('agreement', (r) => r.agreement),
    number('confidence', (r) => r.confidence),
    text('settled_by', (r) => r.settledBy.kind),
    text('method', (r) => (r.settledBy.kind === 'consensus' ? r.settledBy.method : null)),
    text('reason', (r) => r.settledBy.reason),
    text('decided_by', (r) => (r.settledBy.kind === 'decision' ? r.settledBy.userId : null)),
    json('decision_path', (r) => ({ ...r.settledBy, ops: r.ops })),
    int('annotators', (r) => r.contributions.length),
    json('labels', (r) =>
      r.contributions.map((c) => ({
        annotator: c.name,
        user: c.userId,
        label: summary(c.annotation),
        annotation: c.annotation,
        blind: c.blind,
        ...(c.blindAnswer === undefined ? {} : { blind_answer: c.blindAnswer }),
        lead_time_ms: c.leadTimeMs,
        at: new Date(c.at).toISOString(),
        submission: c.submissionId,
      })),
    ),
    json('suggestions', (r) => r.suggestions),
    int('schema_version', (r) => r.schemaVersion),
    int('guidelines_version', (r) => r.guidelinesVersion),
    { name: 'settled_at', type: 'time', value: (r) => new Date(r.at) },
  ];
}

function assetColumns(modality: Modality | undefined): Column[] {
  const data = (modality?.fields ?? []).map(({ key }) =>
    text(`data_${key}`, (r) => plain(r.asset.data[key])),
  );
  const file = [
    text('file_name', (r) => r.asset.blob?.name ?? null),
    text('file_hash', (r) => r.asset.blob?.hash ?? null),
    text('file_type', (r) => r.asset.blob?.mime ?? null),
    int('width', (r) => r.asset.blob?.width ?? null),
    int('height', (r) => r.asset.blob?.height ?? null),
  ];
  return modality?.asset === 'image' ? [...data, ...file] : data;
}

function answerColumns(modality: Modality | undefined): Column[] {
  if (modality === undefined) return [];
  return Object.keys(modality.columns(emptyAnnotation)).map((key) =>
    text(`answer_${key}`, (r) => plain(modality.columns(r.answer)[key])),
  );
}

/** Everybody who has a part in any record, by sign-in name, sorted: one CSV column each. */
export function annotatorNames(records: Iterable<DatasetRecord>, into: Set<string>): void {
  for (const record of records) for (const { name } of record.contributions) into.add(name);
}
