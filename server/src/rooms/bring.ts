import { ConcordError } from '@concord/core/errors/concord-error';
import type { Annotation } from '@concord/core/records/annotation';
import type { UserId } from '@concord/core/records/ids';
import type { Submission } from '@concord/core/records/submission';
import { layerOf } from '@concord/core/rooms/apply';
import { checkAnnotation } from '@concord/core/rooms/check';
import { annotationOf, sortedAnnotation } from '@concord/core/rooms/layer';
import { sameJson } from '@concord/core/rooms/same-json';
import { isBlindSubmission } from '@concord/core/rooms/visibility';
import { claimOf } from '@concord/core/workflow/queue';
import type { Platform } from '../platform.ts';
import { archived } from './judge.ts';
import type { Room } from './room.ts';
import type { RoomContext, RoomParts } from './room-context.ts';
import { type Draft, serverDraft } from './room-log.ts';
import { subjectOf } from './submissions.ts';

/** What an import brings for a task that is here already. */
export interface BringInput {
  readonly labels: readonly {
    readonly userId: UserId;
    readonly annotation: Annotation;
    readonly leadTimeMs: number;
  }[];
  /** The settled answer, and where it comes from. */
  readonly settled: { readonly answer: Annotation; readonly reason: string } | null;
}

/**
 * Takes labels of people who have not submitted here yet, all as one change, and the settled answer where it comes with
 * them; so the same import again brings nothing new. Answers with what was new. Throws `room.closed` for a settled task,
 * `conflict` for a disputed one, `input.invalid` for what does not fit.
 */
export function bring(
  platform: Platform,
  parts: RoomParts,
  room: Room,
  context: RoomContext,
  { labels, settled }: BringInput,
): Promise<{ readonly taken: number }> {
  return room.change(async (state, fresh) => {
    const { project } = fresh;
    const task = fresh.task.record;
    const missing = labels.filter(({ userId }) => claimOf(task, userId)?.state !== 'submitted');
    if (missing.length === 0 && (settled === null || task.state === 'finalized'))
      return { change: { drafts: [] }, result: { taken: 0 } };
    if (project.archived) throw archived();
    if (task.state === 'finalized')
      throw new ConcordError('room.closed', 'This task is settled; a super-reviewer can open it again.');
    if (task.state === 'disputed' && settled === null)
      throw new ConcordError('conflict', 'This task is disputed; it waits for a super-reviewer.');
    const { modality, checks } = context.content(project);
    const answers = [...missing.map((label) => label.annotation), ...(settled ? [settled.answer] : [])];
    const errors = answers.flatMap((answer) => [
      ...checkAnnotation(answer, checks),
      ...modality.checkComplete(answer, project.schema),
    ]);
    if (errors.length > 0)
      throw new ConcordError('input.invalid', `Does not fit: ${errors[0]!.message}`, errors);

    const now = platform.clock.now();
    const drafts: Draft[] = [];
    const replace = (layer: UserId | 'consensus', annotation: Annotation, by?: UserId) => {
      if (!sameJson(annotationOf(layerOf(state, layer)), annotation))
        drafts.push(serverDraft(layer, { t: 'replace', annotation, version: 0 }, by));
    };
    const submissions = missing.map(({ userId, leadTimeMs, ...label }): Submission => {
      const annotation = sortedAnnotation(label.annotation);
      const id = `sub_${platform.random.token(12)}` as Submission['id'];
      const blind = isBlindSubmission(userId, state) && task.revision === 0;
      replace(userId, annotation, userId);
      drafts.push(serverDraft(userId, { t: 'submit', submissionId: id, blind }, userId));
      return {
        id,
        taskId: task.id,
        projectId: project.id,
        taskSeq: task.seq,
        userId,
        annotation,
        blind,
        schemaVersion: project.schema.version,
        guidelinesVersion: project.guidelinesVersion,
        roomSeq: state.seq + drafts.length,
        leadTimeMs,
        at: now,
        state: 'standing',
        origin: 'import',
      };
    });
    const answer = settled === null ? null : sortedAnnotation(settled.answer);
    if (answer !== null) replace('consensus', answer);
    const plan = await parts.settlement.bring(
      subjectOf(context, state, fresh, now, state.seq + drafts.length),
      submissions,
      answer === null || settled === null
        ? undefined
        : { answer, settledBy: { kind: 'import', reason: settled.reason } },
    );
    return {
      change: {
        drafts: [...drafts, ...plan.serverOps.map(({ layer, op }) => serverDraft(layer, op))],
        unit: plan.unit,
        task: plan.task,
      },
      result: { taken: submissions.length + (plan.finalization === null ? 0 : 1) },
    };
  });
}
