import { ConcordError } from '@concord/core/errors/concord-error';
import type { SuggestionInput } from '@concord/core/protocol/resources';
import type { Annotation } from '@concord/core/records/annotation';
import type { Finalization } from '@concord/core/records/finalization';
import type { Model } from '@concord/core/records/model';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { isResend, layerOf } from '@concord/core/rooms/apply';
import { checkAnnotation } from '@concord/core/rooms/check';
import { annotationOf, sortedAnnotation } from '@concord/core/rooms/layer';
import { sameJson } from '@concord/core/rooms/same-json';
import { refreshQueue } from '@concord/core/workflow/queue';
import { auditWrite } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import { archived } from './judge.ts';
import type { Room } from './room.ts';
import type { RoomContext, RoomParts } from './room-context.ts';
import { type Draft, serverDraft } from './room-log.ts';
import { subjectOf } from './submissions.ts';

export interface DecideInput {
  readonly reason: string;
  /** The consensus layer as it stands, when left out. */
  readonly answer?: Annotation | undefined;
  readonly basedOn: string | null;
  readonly spentMs: number;
  /** What the task's revision must be: of two who settle the same state of it, the second is told. */
  readonly revision?: number | undefined;
  readonly client: string;
  readonly n: number;
}

/** Settles the task by a super-reviewer's word. */
export function decide(
  platform: Platform,
  parts: RoomParts,
  room: Room,
  context: RoomContext,
  user: User,
  input: DecideInput,
): Promise<Finalization> {
  return room.change(async (state, fresh) => {
    const { project } = fresh;
    const task = fresh.task.record;
    if (project.archived) throw archived();
    if (input.n > 0 && isResend(state, user.id, input.client, input.n)) {
      const known = await platform.store.get('finalizations', `${task.id}:${task.revision}`);
      if (known !== null) return { change: { drafts: [] }, result: known.record };
    }
    if (input.revision !== undefined && input.revision !== task.revision)
      throw new ConcordError('conflict', 'Somebody else has settled this task meanwhile.', [
        {
          path: 'revision',
          message: 'somebody else has settled this task meanwhile',
          value: input.revision,
          remedy: `Look at the answer of revision ${task.revision}; settle that one if it is wrong.`,
        },
      ]);
    const { modality, checks } = context.content(project);
    const standing = annotationOf(layerOf(state, 'consensus'));
    const answer = sortedAnnotation(input.answer ?? standing);
    const errors = [...checkAnnotation(answer, checks), ...modality.checkComplete(answer, project.schema)];
    if (errors.length > 0)
      throw new ConcordError('input.invalid', `The answer is not complete: ${errors[0]!.message}`, errors);
    const drafts: Draft[] = sameJson(standing, answer)
      ? []
      : [serverDraft('consensus', { t: 'replace', annotation: answer, version: 0 }, user.id)];
    const plan = await parts.settlement.decide(
      subjectOf(context, state, fresh, platform.clock.now(), state.seq + drafts.length + 1),
      {
        userId: user.id,
        answer,
        reason: input.reason,
        present: [...new Set([user.id, ...room.occupants.userIds()])],
        spentMs: input.spentMs,
        basedOn: input.basedOn,
      },
    );
    const [first, ...rest] = plan.serverOps;
    drafts.push({
      layer: 'consensus',
      by: user.id,
      client: input.n > 0 ? input.client : 'server',
      n: input.n,
      op: first!.op,
    });
    drafts.push(...rest.map(({ layer, op }) => serverDraft(layer, op)));
    const writes = [
      ...(plan.unit.writes ?? []),
      auditWrite(platform, user.id, 'task.decided', task.id, { reason: input.reason }),
    ];
    return {
      change: { drafts, unit: { ...plan.unit, writes }, task: plan.task },
      result: plan.finalization!,
    };
  });
}

/** Opens a settled task again, for a super-reviewer to settle anew. */
export function reopen(
  platform: Platform,
  parts: RoomParts,
  room: Room,
  context: RoomContext,
  user: User,
  reason: string,
): Promise<Task> {
  return room.change(async (state, fresh) => {
    if (fresh.project.archived) throw archived();
    const plan = await parts.settlement.reopen(
      subjectOf(context, state, fresh, platform.clock.now(), state.seq + 1),
      reason,
    );
    const drafts = plan.serverOps.map(({ layer, op }) => serverDraft(layer, op, user.id));
    const writes = [
      ...(plan.unit.writes ?? []),
      auditWrite(platform, user.id, 'task.reopened', plan.task.id, { reason }),
    ];
    return { change: { drafts, unit: { ...plan.unit, writes }, task: plan.task }, result: plan.task };
  });
}

/** Puts a model's suggestion on its layer, unless this version said exactly that already. Throws `room.closed` once the task is settled, `input.invalid` for what does not fit. */
export function suggest(
  platform: Platform,
  room: Room,
  context: RoomContext,
  model: Model,
  item: SuggestionInput,
): Promise<{ count: number; fresh: boolean }> {
  return room.change<{ count: number; fresh: boolean }>(async (state, { task: stored, project }) => {
    const task = stored.record;
    if (task.projectId !== model.projectId)
      throw new ConcordError('not_found', `There is no task ${task.id} in this project.`);
    if (project.archived) throw archived();
    if (task.state === 'finalized') throw new ConcordError('room.closed', 'This task is settled.');
    const { modality, checks } = context.content(project);
    const annotation = sortedAnnotation(item.annotation);
    const errors = checkAnnotation(annotation, checks);
    if (errors.length > 0)
      throw new ConcordError('input.invalid', `The suggestion does not fit: ${errors[0]!.message}`, errors);
    const layer = layerOf(state, model.id);
    if (layer.version > model.version)
      throw new ConcordError('conflict', 'A newer version has suggested already.', [
        { path: 'version', message: 'is older', value: model.version },
      ]);
    const count = annotation.regions.length + Object.keys(annotation.answers).length;
    if (layer.version === model.version && sameJson(annotationOf(layer), annotation))
      return { change: { drafts: [] }, result: { count, fresh: false } };
    const next = refreshQueue(
      {
        ...task,
        suggestion: {
          modelId: model.id,
          version: model.version,
          label: modality.summary(annotation).slice(0, 200),
          score: item.score,
          uncertainty: item.uncertainty,
        },
      },
      project.queueOrder,
      platform.clock.now(),
    );
    return {
      change: {
        drafts: [serverDraft(model.id, { t: 'replace', annotation, version: model.version }, model.id)],
        unit: { writes: [{ put: 'tasks', record: next, expect: stored.rev }] },
        task: next,
      },
      result: { count, fresh: true },
    };
  });
}
