import type { Formatter } from './formatter.ts';
import { list } from './json-lines.ts';

/** Label Studio tasks: one annotation a person, and the settled answer as the ground truth. */
export const labelStudio: Formatter = {
  type: 'application/json',
  extension: 'json',
  write: (records, modality) =>
    list(records, (record) => {
      const facts = {
        data: record.asset.data,
        width: record.asset.blob?.width,
        height: record.asset.blob?.height,
      };
      const people = record.contributions.map((c, i) => ({
        id: i + 1,
        unique_id: c.submissionId,
        completed_by: { email: c.name },
        result: modality.toLabelStudio(c.annotation, facts),
        was_cancelled: false,
        ground_truth: false,
        created_at: new Date(c.at).toISOString(),
        lead_time: c.leadTimeMs / 1000,
      }));
      const settled = {
        id: people.length + 1,
        unique_id: `${record.task}:${record.revision}`,
        completed_by: { email: 'concord' },
        result: modality.toLabelStudio(record.answer, facts),
        was_cancelled: false,
        ground_truth: true,
        created_at: new Date(record.at).toISOString(),
        lead_time: null,
      };
      return JSON.stringify({
        id: record.seq,
        data:
          record.asset.blob === undefined
            ? record.asset.data
            : { ...record.asset.data, image: record.asset.blob.name },
        meta: {
          ...record.asset.meta,
          concord_task: record.task,
          agreement: record.agreement,
          confidence: record.confidence,
        },
        annotations: [...people, settled],
        predictions: [],
      });
    }),
};
