import type { ProjectId, TaskId, UserId } from '@concord/core/records/ids';
import type { Task } from '@concord/core/records/task';
import { claimOf, mayClaim } from '@concord/core/workflow/queue';

/**
 * The queue of a project has two stretches: tasks put first or already begun (rank below 0) and fresh ones
 * (0 and above). Each is searched by itself, so that a long stretch of begun tasks which one person has done
 * never stands before the fresh ones.
 */
export const stretches = [
  { from: Number.NEGATIVE_INFINITY, to: 0 },
  { from: 0, to: Number.POSITIVE_INFINITY },
] as const;
export type StretchIndex = 0 | 1;

/** Where one person stands in one project's queue. Memory only: a hint that is made again after a restart. */
export interface Cursor {
  /** By stretch: no task of a smaller rank is for this person. */
  readonly at: [number, number];
  /** Tasks this person holds an active claim on, as far as this node knows. */
  readonly held: Set<TaskId>;
  /** Searches under way; each notes the smallest rank that became free while it ran. */
  readonly searches: Set<{ readonly lowered: [number, number] }>;
  /** When the queue was last searched from its start without finding anything, and how long that took. */
  exhausted: { readonly at: number; readonly tookMs: number } | null;
  /** When somebody last asked, to forget those who left. */
  usedAt: number;
}

export interface Cursors {
  /** The person's cursor, and whether it was made just now. */
  of(projectId: ProjectId, userId: UserId, now: number): { readonly cursor: Cursor; readonly fresh: boolean };
  /** A task has a new version: lowers the cursors of those it may now be for. */
  changed(task: Task, now: number): void;
  /** A task of this rank was freed on another node, for everybody but `not`. */
  freed(projectId: ProjectId, rank: number, not: ReadonlySet<string>): void;
  /** Another node says who holds a task. */
  held(projectId: ProjectId, task: TaskId, by: ReadonlySet<UserId>): void;
  /** The whole order is new. */
  reset(projectId: ProjectId): void;
  /** News may have been lost: everybody is looked up anew. */
  forget(): void;
}

/** People who did not ask for so long are forgotten, in ms. */
const forgetAfterMs = 6 * 3_600_000;

export function createCursors(): Cursors {
  const projects = new Map<ProjectId, Map<UserId, Cursor>>();

  function lower(cursor: Cursor, rank: number): void {
    const stretch: StretchIndex = rank < 0 ? 0 : 1;
    cursor.at[stretch] = Math.min(cursor.at[stretch], rank);
    cursor.exhausted = null;
    for (const search of cursor.searches) search.lowered[stretch] = Math.min(search.lowered[stretch], rank);
  }

  return {
    of(projectId, userId, now) {
      const people = projects.get(projectId) ?? new Map<UserId, Cursor>();
      projects.set(projectId, people);
      const known = people.get(userId);
      if (known !== undefined) {
        known.usedAt = now;
        return { cursor: known, fresh: false };
      }
      for (const [id, cursor] of people) if (now - cursor.usedAt > forgetAfterMs) people.delete(id);
      const cursor: Cursor = {
        at: [stretches[0].from, stretches[1].from],
        held: new Set(),
        searches: new Set(),
        exhausted: null,
        usedAt: now,
      };
      people.set(userId, cursor);
      return { cursor, fresh: true };
    },
    changed(task, now) {
      for (const [userId, cursor] of projects.get(task.projectId) ?? []) {
        const own = claimOf(task, userId);
        if (task.state === 'open' && own?.state === 'active') {
          cursor.held.add(task.id);
          continue;
        }
        cursor.held.delete(task.id);
        if (task.queue === 1 && mayClaim(task, userId, now)) lower(cursor, task.rank);
      }
    },
    freed(projectId, rank, not) {
      for (const [userId, cursor] of projects.get(projectId) ?? []) {
        if (!not.has(userId)) lower(cursor, rank);
      }
    },
    held(projectId, task, by) {
      for (const [userId, cursor] of projects.get(projectId) ?? []) {
        if (by.has(userId)) cursor.held.add(task);
        else cursor.held.delete(task);
      }
    },
    reset(projectId) {
      for (const cursor of projects.get(projectId)?.values() ?? []) {
        lower(cursor, stretches[0].from);
        lower(cursor, stretches[1].from);
      }
    },
    forget: () => projects.clear(),
  };
}
