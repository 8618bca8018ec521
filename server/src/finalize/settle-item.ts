import { judge } from '@concord/core/consensus/settle';
import { type ConcordEvent, makeEvent } from '@concord/core/events/event';
import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { Annotation } from '@concord/core/records/annotation';
import type { Asset } from '@concord/core/records/asset';
import type { Finalization, SettledBy } from '@concord/core/records/finalization';
import type { LayerId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import { type Submission, saidBlind } from '@concord/core/records/submission';
import type { Task, TaskState } from '@concord/core/records/task';
import type { ServerOp } from '@concord/core/rooms/op';
import { refreshQueue } from '@concord/core/workflow/queue';
import type { Write } from '@concord/platform/ports/store';
import { countFinalization, countState, countSubmissions, tallyOf } from './counters.ts';

/** All that a settlement looks at, read beforehand; what follows from it is pure. */
export interface Item {
  readonly task: Task;
  readonly project: Project;
  readonly asset: Asset;
  readonly modality: Modality;
  /** Standing submissions before the change. */
  readonly before: readonly Submission[];
  /** The settled answer at present, where the task is finalized. */
  readonly settled: Finalization | null;
  readonly suggestions: readonly {
    readonly modelId: string;
    readonly version: number;
    readonly annotation: Annotation;
  }[];
  /** The room's sequence number that the change ends with; 0 without a room. */
  readonly roomSeq: number;
  readonly now: number;
  nameOf(userId: string): string;
  /** Weight of a person's vote, 0..1. */
  weightOf(userId: string): number;
}

/** What is to be written with the task, in one unit. */
export interface Consequence {
  readonly task: Task;
  readonly writes: readonly Write[];
  readonly inc: Readonly<Record<string, number>>;
  readonly outbox: readonly ConcordEvent[];
  /** Entries for the room's log after the one that caused this. */
  readonly serverOps: readonly { readonly layer: LayerId; readonly op: ServerOp }[];
  readonly finalization: Finalization | null;
}

export const factsOf = (asset: Asset): AssetFacts => ({
  data: asset.data,
  width: asset.blob?.width,
  height: asset.blob?.height,
});

/** A decision of a person, where there is one. */
export interface Ruling {
  readonly answer: Annotation;
  readonly settledBy: SettledBy;
}

/**
 * What follows when a task's standing submissions become `after`, or when somebody rules. `claims` is the task with its
 * claims already changed. Without a ruling the project's rules decide: settled, one more person, or a dispute.
 */
export function settleItem(
  item: Item,
  claims: Task,
  after: readonly Submission[],
  ruling?: Ruling,
): Consequence {
  const { project, modality, asset, now } = item;
  const facts = factsOf(asset);
  const tally = tallyOf(project);
  countSubmissions(tally, item.before, after, modality, facts);
  const judgement = judge({
    submissions: after.map((s) => ({
      userId: s.userId,
      annotation: s.annotation,
      blind: saidBlind(s),
      weight: item.weightOf(s.userId),
    })),
    modality,
    schema: project.schema,
    asset: facts,
    rules: project.rules,
    visibility: project.visibility,
    least: item.task.least,
  });
  const verdict = ruling ? 'finalize' : judgement.verdict;
  const answer = ruling?.answer ?? judgement.consensus?.annotation ?? null;
  const state: TaskState = verdict === 'finalize' ? 'finalized' : verdict === 'dispute' ? 'disputed' : 'open';
  countState(tally, item.task.state, state);
  if (item.settled !== null) countFinalization(tally, item.settled, -1, modality, facts);

  // That of the submissions, also where somebody ruled: it tells how sure they were without that person.
  const confidence = judgement.consensus?.confidence ?? null;
  const finalization =
    verdict === 'finalize' && answer !== null
      ? finalizationOf(
          item,
          after,
          answer,
          judgement.agreement,
          confidence,
          ruling?.settledBy ?? {
            kind: 'consensus',
            method: project.rules.consensus,
            reason: judgement.reason,
          },
        )
      : null;
  if (finalization !== null) countFinalization(tally, finalization, 1, modality, facts);

  const newlyDisputed = state === 'disputed' && item.task.state !== 'disputed';
  const task = refreshQueue(
    {
      ...claims,
      state,
      // A submission never lowers what was asked for: a lead may have put the task back for more.
      target: state === 'open' ? Math.max(claims.target, judgement.target) : claims.target,
      submissions: after.length,
      agreement: judgement.agreement,
      confidence,
      answer: answer === null ? null : modality.summary(answer).slice(0, 200),
      revision: finalization?.revision ?? claims.revision,
      disputedAt: state === 'disputed' ? (claims.disputedAt ?? now) : null,
      finalizedAt: finalization?.at ?? (state === 'finalized' ? claims.finalizedAt : null),
      priority: state === 'finalized' ? 0 : claims.priority,
    },
    project.queueOrder,
    now,
  );
  return {
    task,
    writes: finalization === null ? [] : [{ put: 'finalizations', record: finalization, expect: 'absent' }],
    inc: tally.inc(),
    outbox: [
      ...(finalization === null ? [] : [finalizedEvent(item, finalization)]),
      ...(newlyDisputed ? [disputedEvent(item, task)] : []),
    ],
    serverOps:
      finalization !== null
        ? [{ layer: 'consensus', op: { t: 'finalize', revision: finalization.revision } }]
        : newlyDisputed
          ? [{ layer: 'consensus', op: { t: 'dispute' } }]
          : [],
    finalization,
  };
}

function finalizationOf(
  item: Item,
  standing: readonly Submission[],
  answer: Annotation,
  agreement: number | null,
  confidence: number | null,
  settledBy: SettledBy,
): Finalization {
  const { task, project, asset, now } = item;
  const revision = task.revision + 1;
  return {
    id: `${task.id}:${revision}`,
    taskId: task.id,
    projectId: project.id,
    assetId: asset.id,
    assetHash: asset.hash,
    taskSeq: task.seq,
    revision,
    answer,
    agreement,
    confidence,
    settledBy,
    contributions: standing.map(({ id, userId, annotation, blind, blindAnswer, leadTimeMs, at }) => ({
      submissionId: id,
      userId,
      name: item.nameOf(userId),
      annotation,
      blind,
      ...(blindAnswer === undefined ? {} : { blindAnswer }),
      leadTimeMs,
      at,
    })),
    suggestions: item.suggestions as Finalization['suggestions'],
    schemaVersion: project.schema.version,
    guidelinesVersion: project.guidelinesVersion,
    ops: item.roomSeq === 0 ? { from: 0, to: 0 } : { from: 1, to: item.roomSeq },
    at: now,
  };
}

function finalizedEvent({ project, asset, now }: Item, finalization: Finalization): ConcordEvent {
  const { hash, data, blob, meta } = asset;
  return makeEvent(
    'concord.item.finalized.v1',
    finalization.id,
    {
      projectId: project.id,
      taskId: finalization.taskId,
      assetId: asset.id,
      revision: finalization.revision,
      finalization,
      asset: { hash, data, meta, ...(blob === undefined ? {} : { blob }) },
      modality: project.schema.modality,
    },
    now,
  );
}

function disputedEvent({ project, roomSeq, now }: Item, task: Task): ConcordEvent {
  return makeEvent(
    'concord.item.disputed.v1',
    `${task.id}:disputed:${roomSeq}:${now}`,
    {
      projectId: project.id,
      taskId: task.id,
      agreement: task.agreement,
      confidence: task.confidence,
      at: now,
    },
    now,
  );
}

/** What follows when a settled task is opened again: its answer counts nowhere until it is settled anew. */
export function reopenItem(item: Item, reason: string): Consequence {
  const { task, project, modality, asset, settled, now } = item;
  const tally = tallyOf(project);
  countState(tally, task.state, 'disputed');
  if (settled !== null) countFinalization(tally, settled, -1, modality, factsOf(asset));
  const next = refreshQueue(
    { ...task, state: 'disputed', disputedAt: now, finalizedAt: null },
    project.queueOrder,
    now,
  );
  return {
    task: next,
    writes: [],
    inc: tally.inc(),
    outbox: [
      makeEvent(
        'concord.item.reopened.v1',
        `${task.id}:reopened:${task.revision}`,
        { projectId: project.id, taskId: task.id, revision: task.revision, reason, at: now },
        now,
      ),
      disputedEvent(item, next),
    ],
    serverOps: [
      { layer: 'consensus', op: { t: 'reopen', reason } },
      { layer: 'consensus', op: { t: 'dispute' } },
    ],
    finalization: null,
  };
}
