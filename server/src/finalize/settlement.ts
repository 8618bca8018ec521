import { voteWeight } from '@concord/core/consensus/reliability';
import { ConcordError } from '@concord/core/errors/concord-error';
import type { Annotation } from '@concord/core/records/annotation';
import type { Asset } from '@concord/core/records/asset';
import type { UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import { type Submission, saidBlind } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import { withClaimState } from '@concord/core/workflow/queue';
import type { Stored, Unit, Write } from '@concord/platform/ports/store';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import { modalityOf } from '../projects/index.ts';
import { type Consequence, type Item, type Ruling, reopenItem, settleItem } from './settle-item.ts';
import { standingOf, withdrawnBlind } from './task-submissions.ts';

/** What a change to a task is made from; read again for every try. */
export interface Subject {
  readonly task: Stored<Task>;
  readonly project: Project;
  readonly asset: Asset;
  readonly suggestions: Item['suggestions'];
  /** The room's sequence number after the change's own entries; 0 without a room. */
  readonly roomSeq: number;
  readonly now: number;
}

/** A change to a task, ready to be committed as one unit together with the room's log entries. */
export interface SettlementPlan {
  /** Task, submissions, finalization, counters and outbox; the caller adds the log entries. */
  readonly unit: Unit;
  readonly task: Task;
  readonly serverOps: Consequence['serverOps'];
  readonly finalization: Consequence['finalization'];
}

/** Plans what a submission, a withdrawal, a decision or a reopening entails. Commits nothing. */
export interface Settlement {
  /**
   * A new submission, which the plan gives back as it is kept; an earlier one of the same person is superseded.
   * Throws `room.closed` once the task is settled.
   */
  submit(
    subject: Subject,
    submission: Submission,
  ): Promise<SettlementPlan & { readonly submission: Submission }>;
  /** Takes somebody's standing submission back. Throws `not_found` without one, `room.closed` once settled. */
  withdraw(subject: Subject, userId: UserId): Promise<SettlementPlan>;
  /** Settles the task by a person's word, whatever the rules say; a settled one gets a new revision. */
  decide(subject: Subject, decision: Decision): Promise<SettlementPlan>;
  /** Opens a settled task again, as a dispute. Throws `conflict` when it is not settled. */
  reopen(subject: Subject, reason: string): Promise<SettlementPlan>;
}

export interface Decision {
  readonly userId: UserId;
  readonly answer: Annotation;
  readonly reason: string;
  readonly present: readonly UserId[];
  readonly spentMs: number;
  readonly basedOn: string | null;
}

export function createSettlement(platform: Platform, people: People): Settlement {
  const { store, modalities } = platform;

  async function itemOf(
    { task, project, asset, suggestions, roomSeq, now }: Subject,
    extra: readonly string[] = [],
  ): Promise<Item> {
    const before = await standingOf(store, task.record);
    const settled =
      task.record.state === 'finalized'
        ? await store.get('finalizations', `${task.record.id}:${task.record.revision}`)
        : null;
    const users = [...new Set([...before.map((s) => s.userId), ...extra])];
    const names = new Map<string, string>();
    for (const id of users) names.set(id, (await people.getUser(id as UserId))?.name ?? id);
    const weights = project.rules.consensus === 'weighted' ? await weightsOf(project, users) : null;
    return {
      task: task.record,
      project,
      asset,
      modality: modalityOf(modalities, project.schema),
      before,
      settled: settled?.record ?? null,
      suggestions,
      roomSeq,
      now,
      nameOf: (id) => names.get(id) ?? id,
      weightOf: (id) => weights?.get(id) ?? 1,
    };
  }

  async function weightsOf(project: Project, users: readonly string[]): Promise<Map<string, number>> {
    const key = (id: string, what: string) => `${project.id}/by/${id}/${what}`;
    const values = await store.counters(users.flatMap((id) => [key(id, 'right'), key(id, 'settled')]));
    return new Map(
      users.map((id) => [
        id,
        voteWeight(values.get(key(id, 'right')) ?? 0, values.get(key(id, 'settled')) ?? 0),
      ]),
    );
  }

  function planOf(subject: Subject, consequence: Consequence, writes: readonly Write[]): SettlementPlan {
    const { task, inc, outbox, serverOps, finalization } = consequence;
    return {
      unit: {
        writes: [{ put: 'tasks', record: task, expect: subject.task.rev }, ...writes, ...consequence.writes],
        inc,
        outbox,
      },
      task,
      serverOps,
      finalization,
    };
  }

  function openOnly(task: Task): void {
    if (task.state === 'finalized')
      throw new ConcordError('room.closed', 'This task is settled; a super-reviewer can open it again.');
  }

  const retired = (old: Submission, state: 'superseded' | 'withdrawn'): Write => ({
    put: 'submissions',
    record: { ...old, state },
    expect: 'any',
  });

  /** The submission, with what its author had said blind where this one is not [CO1]. */
  async function remembering(submission: Submission, old: Submission | undefined, task: Task) {
    if (submission.blind) return submission;
    const blindAnswer =
      old === undefined ? await withdrawnBlind(store, task, submission.userId) : saidBlind(old);
    return blindAnswer === null ? submission : { ...submission, blindAnswer };
  }

  return {
    async submit(subject, given) {
      openOnly(subject.task.record);
      const item = await itemOf(subject, [given.userId]);
      const old = item.before.filter((s) => s.userId === given.userId);
      const submission = await remembering(given, old[0], subject.task.record);
      const after = [...item.before.filter((s) => s.userId !== submission.userId), submission];
      const claims = withClaimState(
        subject.task.record,
        submission.userId,
        'submitted',
        subject.project,
        subject.now,
      );
      const plan = planOf(subject, settleItem(item, claims, after), [
        { put: 'submissions', record: submission, expect: 'absent' },
        ...old.map((s) => retired(s, 'superseded')),
      ]);
      return { ...plan, submission };
    },

    async withdraw(subject, userId) {
      openOnly(subject.task.record);
      const item = await itemOf(subject);
      const old = item.before.filter((s) => s.userId === userId);
      if (old.length === 0)
        throw new ConcordError('not_found', 'There is no submission of yours to take back.');
      const after = item.before.filter((s) => s.userId !== userId);
      const { leaseMs } = subject.project.rules;
      const claims: Task = {
        ...subject.task.record,
        claims: subject.task.record.claims.map((c) =>
          c.userId === userId ? { ...c, state: 'active' as const, until: subject.now + leaseMs } : c,
        ),
      };
      return planOf(
        subject,
        settleItem(item, claims, after),
        old.map((s) => retired(s, 'withdrawn')),
      );
    },

    async decide(subject, { userId, answer, reason, present, spentMs, basedOn }) {
      const item = await itemOf(subject);
      const ruling: Ruling = {
        answer,
        settledBy: { kind: 'decision', userId, reason, present: [...present], spentMs, basedOn },
      };
      const consequence = settleItem(item, subject.task.record, item.before, ruling);
      const revision = consequence.finalization?.revision ?? subject.task.record.revision;
      const serverOps: Consequence['serverOps'] = [
        { layer: 'consensus', op: { t: 'decide', revision, reason } },
        ...consequence.serverOps,
      ];
      return { ...planOf(subject, consequence, []), serverOps };
    },

    async reopen(subject, reason) {
      if (subject.task.record.state !== 'finalized')
        throw new ConcordError('conflict', 'This task is not settled.');
      return planOf(subject, reopenItem(await itemOf(subject), reason), []);
    },
  };
}
