import { ConcordError } from '@concord/core/errors/concord-error';
import type { SubmitReply } from '@concord/core/protocol/rooms';
import type { Annotation } from '@concord/core/records/annotation';
import type { ModelId, UserId } from '@concord/core/records/ids';
import type { Submission } from '@concord/core/records/submission';
import type { TaskState } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { takenOf } from '@concord/core/rooms/acceptance';
import { isResend, layerOf } from '@concord/core/rooms/apply';
import { checkAnnotation } from '@concord/core/rooms/check';
import { annotationOf, hasContent, isModelLayer, sortedAnnotation } from '@concord/core/rooms/layer';
import { sameJson } from '@concord/core/rooms/same-json';
import type { RoomState } from '@concord/core/rooms/state';
import { isBlindSubmission } from '@concord/core/rooms/visibility';
import { claimOf, mayClaim } from '@concord/core/workflow/queue';
import type { Subject } from '../finalize/index.ts';
import type { Platform } from '../platform.ts';
import { archived } from './judge.ts';
import type { Fresh, Room } from './room.ts';
import type { RoomContext, RoomParts } from './room-context.ts';
import { type Draft, serverDraft } from './room-log.ts';

/** What models say in this room, in the project's records' form. */
export function suggestionsOf(
  state: RoomState,
): { modelId: ModelId; version: number; annotation: Annotation }[] {
  return Object.values(state.layers)
    .filter((layer) => layer !== undefined && isModelLayer(layer.layer) && layer.version > 0)
    .map((layer) => ({
      modelId: layer!.layer as ModelId,
      version: layer!.version,
      annotation: annotationOf(layer!),
    }));
}

export function subjectOf(
  context: RoomContext,
  state: RoomState,
  fresh: Fresh,
  now: number,
  roomSeq: number,
): Subject {
  return { ...fresh, asset: context.asset, suggestions: suggestionsOf(state), now, roomSeq };
}

interface Submit {
  readonly user: User;
  readonly leadTimeMs: number;
  readonly origin: Submission['origin'];
  /** The client's own counter for the submit, or none for a call without a room. */
  readonly client: string;
  readonly n: number;
  /** The whole answer, where it does not stand on the layer yet. */
  readonly annotation?: Annotation;
}

export type Submitted = SubmitReply & { readonly submission: Submission; readonly state: TaskState };

/** Declares somebody's layer finished: log, submission, counters, and what follows for the task, as one unit [RM25]. */
export function submit(
  platform: Platform,
  parts: RoomParts,
  room: Room,
  context: RoomContext,
  input: Submit,
): Promise<Submitted> {
  const { store, clock, random } = platform;
  const { user, client, n } = input;
  return room.change(async (state, fresh) => {
    const { project } = fresh;
    const task = fresh.task.record;
    const layer = layerOf(state, user.id);
    if (n > 0 && isResend(state, user.id, client, n)) {
      const known = layer.submitted === null ? null : await store.get('submissions', layer.submitted.id);
      if (known === null)
        throw new ConcordError('conflict', 'This submission was taken back meanwhile.', [
          { path: 'n', message: 'is in already' },
        ]);
      return {
        change: { drafts: [] },
        result: { submissionId: known.record.id, state: task.state, submission: known.record },
      };
    }
    if (project.archived) throw archived();
    if (task.state === 'finalized')
      throw new ConcordError('room.closed', 'This task is settled; a super-reviewer can open it again.');
    const now = clock.now();
    // Who lost their place to another while they were cut off may still hand in what they did.
    const hasPlace =
      claimOf(task, user.id)?.state === 'submitted' || mayClaim(task, user.id, now) || hasContent(layer);
    if (!hasPlace) {
      throw new ConcordError('conflict', 'As many people as are wanted work on this task already.', [
        { path: 'task', message: 'is taken', remedy: 'Ask for the next task.' },
      ]);
    }
    const { modality, checks } = context.content(project);
    const annotation = sortedAnnotation(input.annotation ?? annotationOf(layer));
    // The layer's ops fitted when they came; the label schema may have changed since.
    const errors = [
      ...checkAnnotation(annotation, checks),
      ...modality.checkComplete(annotation, project.schema),
    ];
    if (errors.length > 0)
      throw new ConcordError('input.invalid', `Not complete: ${errors[0]!.message}`, errors);

    const drafts: Draft[] = [];
    if (input.annotation && !sameJson(annotationOf(layer), annotation)) {
      drafts.push(serverDraft(user.id, { t: 'replace', annotation, version: 0 }, user.id));
    }
    // What a task that was ever settled came to may have been seen anywhere.
    const blind = isBlindSubmission(user.id, state) && task.revision === 0;
    const id = `sub_${random.token(12)}` as Submission['id'];
    drafts.push({
      layer: user.id,
      by: user.id,
      client: n > 0 ? client : 'server',
      n,
      op: { t: 'submit', submissionId: id, blind },
    });
    const roomSeq = state.seq + drafts.length;
    const taken = project.suggestions
      ? Object.fromEntries(
          suggestionsOf(state).map((s) => [s.modelId, takenOf(s.modelId, s.annotation, annotation)]),
        )
      : {};
    const given: Submission = {
      id,
      taskId: task.id,
      projectId: project.id,
      taskSeq: task.seq,
      userId: user.id,
      annotation,
      blind,
      schemaVersion: project.schema.version,
      guidelinesVersion: project.guidelinesVersion,
      roomSeq,
      leadTimeMs: input.leadTimeMs,
      at: now,
      state: 'standing',
      origin: input.origin,
      ...(Object.keys(taken).length === 0 ? {} : { taken }),
    };
    const plan = await parts.settlement.submit(subjectOf(context, state, fresh, now, roomSeq), given);
    return {
      change: {
        drafts: [...drafts, ...plan.serverOps.map(({ layer: to, op }) => serverDraft(to, op))],
        unit: plan.unit,
        task: plan.task,
      },
      result: { submissionId: id, state: plan.task.state, submission: plan.submission },
    };
  });
}

/** Takes somebody's standing submission back, so that they can go on. */
export function withdraw(
  platform: Platform,
  parts: RoomParts,
  room: Room,
  context: RoomContext,
  userId: UserId,
  client: string,
  n: number,
): Promise<{ state: TaskState }> {
  return room.change(async (state, fresh) => {
    const task = fresh.task.record;
    if (isResend(state, userId, client, n)) return { change: { drafts: [] }, result: { state: task.state } };
    if (fresh.project.archived) throw archived();
    const standing = layerOf(state, userId).submitted;
    const plan = await parts.settlement.withdraw(
      subjectOf(context, state, fresh, platform.clock.now(), state.seq + 1),
      userId,
    );
    const drafts: Draft[] = [
      { layer: userId, by: userId, client, n, op: { t: 'withdraw', submissionId: standing?.id ?? '' } },
      ...plan.serverOps.map(({ layer, op }) => serverDraft(layer, op)),
    ];
    return { change: { drafts, unit: plan.unit, task: plan.task }, result: { state: plan.task.state } };
  });
}
