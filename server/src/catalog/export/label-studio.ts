import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { Annotation } from '@concord/core/records/annotation';
import type { Json } from '@concord/core/records/json';
import { type DatasetRecord, decodeRecord } from '@concord/core/versioning/record';
import type { ExportSource } from './export-version.ts';

/**
 * Label Studio's task list: each person's submission is an annotation, the settled answer one more with `ground_truth`, model
 * suggestions are predictions. `completed_by` is an object with the sign-in name as e-mail, the form of its own exports.
 * What Label Studio has no place for (agreement, confidence, decision path) is under `meta.concord`.
 */
export async function* writeLabelStudio(source: ExportSource): AsyncGenerator<string> {
  const modality = source.modalities.get(source.project.schema.modality);
  const people = new Map<string, number>();
  let before = '[\n';
  for await (const batch of source.batches()) {
    yield before +
      batch.map((line) => JSON.stringify(taskOf(decodeRecord(line), modality, people))).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

function taskOf(record: DatasetRecord, modality: Modality | undefined, people: Map<string, number>) {
  const { data, blob, meta, hash } = record.asset;
  const facts: AssetFacts = { data, width: blob?.width, height: blob?.height };
  const result = (annotation: Annotation): readonly Json[] =>
    modality?.toLabelStudio(annotation, facts) ?? [];
  const { settledBy } = record;
  const settler = settledBy.kind === 'decision' ? settledBy.userId : 'concord';
  const annotation = (id: string, by: unknown, value: Annotation, at: number, more: object) => ({
    id,
    completed_by: by,
    result: result(value),
    was_cancelled: false,
    created_at: new Date(at).toISOString(),
    updated_at: new Date(at).toISOString(),
    ...more,
  });
  return {
    id: record.seq,
    data: blob === undefined ? data : { ...data, image: blob.name },
    meta: {
      ...meta,
      concord: {
        task: record.task,
        revision: record.revision,
        asset_hash: hash,
        agreement: record.agreement,
        confidence: record.confidence,
        settled_by: settledBy,
      },
    },
    annotations: [
      ...record.contributions.map((c) =>
        annotation(c.submissionId, person(c.name, people), c.annotation, c.at, {
          lead_time: c.leadTimeMs / 1000,
          ground_truth: false,
        }),
      ),
      annotation(`${record.task}:${record.revision}`, person(settler, people), record.answer, record.at, {
        lead_time: settledBy.kind === 'decision' ? settledBy.spentMs / 1000 : 0,
        ground_truth: true,
      }),
    ],
    predictions: record.suggestions.map((suggestion) => ({
      model_version: `${suggestion.modelId}@${suggestion.version}`,
      result: result(suggestion.annotation),
    })),
  };
}

/** Numbers are given out in order of appearance, so that one commit always gives the same ones. */
function person(name: string, people: Map<string, number>) {
  const id = people.get(name) ?? people.size + 1;
  people.set(name, id);
  return { id, email: name, first_name: name, last_name: '' };
}
