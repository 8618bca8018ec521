import { ConcordError } from '@concord/core/errors/concord-error';
import type { AuditEntry } from '@concord/core/records/audit';
import type { ProjectId, TaskId, UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { claimOf, mayClaim, standingClaims, withClaim, withClaimState } from '@concord/core/workflow/queue';
import type { Stored } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import type { ChangeTask } from './change-task.ts';
import type { Cursor, Cursors } from './cursors.ts';
import type { ProjectSource } from './needs.ts';
import { searchQueue, type Verdict } from './search.ts';

export interface Claims {
  next(user: User, projectId: ProjectId, not?: string): Promise<Stored<Task>>;
  claim(user: User, taskId: TaskId): Promise<Stored<Task>>;
  extend(userId: UserId, taskId: TaskId): Promise<number>;
  release(userId: UserId, taskId: TaskId, until?: number): Promise<void>;
  skip(userId: UserId, taskId: TaskId, reason: string): Promise<void>;
}

/** A search from the queue's start that found nothing is not repeated sooner than this many times its own length … */
const restTimes = 20;
/** … nor sooner than this, in ms. News of this node, and of others by fanout, ends the rest at once. */
const restMs = 1_000;

export function createClaims(
  platform: Platform,
  projects: ProjectSource,
  cursors: Cursors,
  changeTask: ChangeTask,
): Claims {
  const { store, clock, random } = platform;
  /** Claims being written by this node, by task: others look elsewhere instead of running into them. */
  const inFlight = new Map<TaskId, Set<UserId>>();

  async function writeClaim(
    user: User,
    projectId: ProjectId,
    taskId: TaskId,
    first?: Stored<Task>,
    /** Take a task that this person skipped earlier; only when they ask for it by name. */
    evenSkipped = false,
  ): Promise<Stored<Task> | null> {
    const project = (await projects.get(projectId)).record;
    const writers = inFlight.get(taskId) ?? new Set<UserId>();
    inFlight.set(taskId, writers.add(user.id));
    let refused = false;
    try {
      const stored = await changeTask(
        taskId,
        (task) => {
          const now = clock.now();
          const asked = evenSkipped ? withoutSkip(task, user.id) : task;
          refused = !mayClaim(asked, user.id, now);
          return refused ? null : withClaim(asked, user.id, project, now);
        },
        first ? { first } : {},
      );
      return refused ? null : stored;
    } finally {
      writers.delete(user.id);
      if (writers.size === 0) inFlight.delete(taskId);
    }
  }

  /** A claim this person holds already: after a reload they get the same task again, instead of hoarding a second. */
  async function heldTask(user: User, cursor: Cursor, not: string | undefined): Promise<Stored<Task> | null> {
    for (const id of [...cursor.held]) {
      if (id === not) continue;
      const stored = await store.get('tasks', id);
      const own = stored ? claimOf(stored.record, user.id) : undefined;
      if (stored === null || stored.record.state !== 'open' || own?.state !== 'active') {
        cursor.held.delete(id);
        continue;
      }
      const kept = await writeClaim(user, stored.record.projectId, id, stored);
      if (kept !== null) return kept;
      cursor.held.delete(id);
    }
    return null;
  }

  /** Claims made before this node started, or on another one. Few: as many as people work now. */
  async function findHeld(user: User, projectId: ProjectId, cursor: Cursor): Promise<void> {
    let after: string | undefined;
    do {
      const page = await store.page('tasks', { index: 'lease', after, limit: 200 });
      for (const { record } of page.items) {
        if (record.projectId === projectId && claimOf(record, user.id)?.state === 'active') {
          cursor.held.add(record.id);
        }
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  async function search(
    user: User,
    projectId: ProjectId,
    cursor: Cursor,
    not: string | undefined,
  ): Promise<Stored<Task> | null> {
    const now = clock.now();
    const look = ({ record }: Stored<Task>): Verdict => {
      if (!mayClaim(record, user.id, now)) return 'not-mine';
      if (record.id === not) return 'later';
      const writers = inFlight.get(record.id);
      if (writers === undefined || writers.has(user.id)) return 'take';
      const standing = new Set(standingClaims(record, now).map((c) => c.userId));
      // A claim may be read before its writer heard that it is durable: it counts once.
      const coming = [...writers].filter((id) => !standing.has(id)).length;
      return coming < record.target - standing.size ? 'take' : 'later';
    };
    const take = (item: Stored<Task>) => writeClaim(user, projectId, item.record.id, item);
    for (;;) {
      const { found, complete } = await searchQueue(store, projectId, cursor, look, take);
      if (found !== null || complete) return found;
    }
  }

  async function next(user: User, projectId: ProjectId, not?: string): Promise<Stored<Task>> {
    const project = (await projects.get(projectId)).record;
    if (project.archived) throw new ConcordError('queue.empty', 'This project is archived.');
    const { cursor, fresh } = cursors.of(projectId, user.id, clock.now());
    if (fresh) await findHeld(user, projectId, cursor);
    const held = await heldTask(user, cursor, not);
    if (held !== null) return held;
    const startedAt = clock.now();
    const rested =
      cursor.exhausted === null ||
      startedAt - cursor.exhausted.at >= Math.max(restMs, restTimes * cursor.exhausted.tookMs);
    let found = await search(user, projectId, cursor, not);
    if (found === null && rested) {
      // Once round from the start: what another node freed, and what was passed over while it was being claimed.
      cursor.at[0] = Number.NEGATIVE_INFINITY;
      cursor.at[1] = 0;
      found = await search(user, projectId, cursor, not);
      const endedAt = clock.now();
      if (found === null) cursor.exhausted = { at: endedAt, tookMs: endedAt - startedAt };
    }
    if (found !== null) return found;
    throw new ConcordError('queue.empty', 'There is nothing more for you in this project at the moment.');
  }

  async function taskAndProject(taskId: TaskId): Promise<{ task: Stored<Task>; project: Project }> {
    const task = await store.get('tasks', taskId);
    if (task === null) throw new ConcordError('not_found', `There is no task ${taskId}.`);
    return { task, project: (await projects.get(task.record.projectId)).record };
  }

  /** Ends an active claim; without one there is nothing to end, and that is fine. */
  async function endClaim(
    userId: UserId,
    taskId: TaskId,
    to: 'skipped' | null,
    { until, audit }: { readonly until?: number | undefined; readonly audit?: AuditEntry },
  ) {
    const { task, project } = await taskAndProject(taskId);
    await changeTask(
      taskId,
      (current) => {
        const own = claimOf(current, userId);
        const isMeant = own?.state === 'active' && (until === undefined || own.until === until);
        return isMeant ? withClaimState(current, userId, to, project, clock.now()) : null;
      },
      audit ? { first: task, audit } : { first: task },
    );
  }

  return {
    next,
    async claim(user, taskId) {
      const { task, project } = await taskAndProject(taskId);
      if (project.archived)
        throw new ConcordError('room.closed', 'This project is archived; it takes no more work.');
      const own = claimOf(task.record, user.id);
      // Who has submitted keeps their place; they may come back to look, withdraw or submit again.
      if (own?.state === 'submitted') return task;
      const claimed = await writeClaim(user, task.record.projectId, taskId, task, true);
      if (claimed !== null) return claimed;
      const { task: now } = await taskAndProject(taskId);
      throw new ConcordError(
        'conflict',
        now.record.state === 'open'
          ? 'This task is taken: as many people as are wanted work on it.'
          : `This task is ${now.record.state}; it takes no more labels.`,
      );
    },
    async extend(userId, taskId) {
      const { task, project } = await taskAndProject(taskId);
      let until = 0;
      await changeTask(
        taskId,
        (current) => {
          const now = clock.now();
          const own = claimOf(current, userId);
          if (own?.state !== 'active') {
            throw new ConcordError('conflict', 'You hold no claim on this task; ask for it again.');
          }
          until = own.until;
          // A heartbeat writes only once a quarter of the lease is used up.
          if (own.until - now > project.rules.leaseMs * 0.75) return null;
          if (!mayClaim(current, userId, now)) {
            throw new ConcordError('conflict', 'Your claim ran out and somebody else took the task.');
          }
          until = now + project.rules.leaseMs;
          return withClaim(current, userId, project, now);
        },
        { first: task },
      );
      return until;
    },
    async release(userId, taskId, until) {
      await endClaim(userId, taskId, null, { until });
    },
    async skip(userId, taskId, reason) {
      const why = reason.trim();
      if (why === '') return endClaim(userId, taskId, 'skipped', {});
      const audit: AuditEntry = {
        id: `aud_${random.token(12)}`,
        at: clock.now(),
        userId,
        action: 'task.skip',
        subject: taskId,
        detail: { reason: why },
      };
      await endClaim(userId, taskId, 'skipped', { audit });
    },
  };
}

function withoutSkip(task: Task, userId: UserId): Task {
  return { ...task, claims: task.claims.filter((c) => !(c.userId === userId && c.state === 'skipped')) };
}
