import type { Modality } from '@concord/core/modalities/modality';
import type { Model } from '@concord/core/records/model';
import type { Project } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import type { User } from '@concord/core/records/user';
import { withClaimState } from '@concord/core/workflow/queue';
import { settleItem, weightsOf } from '../finalize/index.ts';
import type { Platform } from '../platform.ts';
import type { NewTask, TogetherWith } from '../tasks/index.ts';
import type { Item } from './item.ts';

export const SETTLED_REASON = 'The imported file says that this is the settled answer.';

/** Who and what the items of a batch name, found beforehand. */
export interface Cast {
  /** By the name that the labels carry. */
  readonly authors: ReadonlyMap<string, User>;
  readonly models: ReadonlyMap<string, Model>;
}

/** What stands in the same unit as new tasks that brought labels: what submitting them all at once would have written. */
export function settleNew(
  platform: Platform,
  project: Project,
  modality: Modality,
  items: readonly Item[],
  { authors, models }: Cast,
) {
  return async (fresh: readonly NewTask[]): Promise<TogetherWith> => {
    const out = {
      tasks: [] as TogetherWith['tasks'][number][],
      writes: [] as TogetherWith['writes'][number][],
      inc: {} as Record<string, number>,
      outbox: [] as TogetherWith['outbox'][number][],
    };
    const now = platform.clock.now();
    // As they are before this batch: within it nobody's weight moves.
    const weights =
      project.rules.consensus === 'weighted'
        ? await weightsOf(
            platform.store,
            project.id,
            [...authors.values()].map(({ id }) => id),
          )
        : null;
    const names = new Map<string, string>([...authors.values()].map(({ id, name }) => [id, name]));
    for (const { task, asset, index } of fresh) {
      const item = items[index]!;
      if (item.labels.length === 0 && item.settled === null) {
        out.tasks.push(task);
        continue;
      }
      const submissions = item.labels.map(
        ({ by, annotation, leadTimeMs }): Submission => ({
          id: `sub_${platform.random.token(12)}`,
          taskId: task.id,
          projectId: project.id,
          taskSeq: task.seq,
          userId: authors.get(by)!.id,
          annotation,
          blind: true,
          schemaVersion: project.schema.version,
          guidelinesVersion: project.guidelinesVersion,
          roomSeq: 0,
          leadTimeMs,
          at: now,
          state: 'standing',
          origin: 'import',
        }),
      );
      const claimed = submissions.reduce(
        (one, { userId }) => withClaimState(one, userId, 'submitted', project, now),
        task,
      );
      const result = settleItem(
        {
          task,
          project,
          asset,
          modality,
          before: [],
          settled: null,
          suggestions: item.predictions.map(({ model, annotation }) => {
            const { id, version } = models.get(model)!;
            return { modelId: id, version, annotation };
          }),
          roomSeq: 0,
          now,
          nameOf: (id) => names.get(id) ?? id,
          weightOf: (id) => weights?.get(id) ?? 1,
        },
        claimed,
        submissions,
        item.settled === null
          ? undefined
          : { answer: item.settled, settledBy: { kind: 'import', reason: SETTLED_REASON } },
      );
      out.tasks.push(result.task);
      out.writes.push(
        ...submissions.map((record) => ({ put: 'submissions', record, expect: 'absent' }) as const),
        ...result.writes,
      );
      out.outbox.push(...result.outbox);
      for (const [key, by] of Object.entries(result.inc)) out.inc[key] = (out.inc[key] ?? 0) + by;
    }
    return out;
  };
}
