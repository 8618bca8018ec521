import type { Asset } from '@concord/core/records/asset';
import type { Project, Visibility } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { claimOf } from '@concord/core/workflow/queue';

const reviewing: ReadonlySet<User['role']> = new Set(['super-reviewer', 'lead', 'admin']);

/** Whether this person may see what others made of the task: a reviewer who is not labelling it blind at this moment. */
export function seesAll(user: User, task: Task, now: number): boolean {
  if (user.role === 'consumer') return true;
  if (!reviewing.has(user.role)) return false;
  const own = claimOf(task, user.id);
  return !(task.state === 'open' && own?.state === 'active' && own.until > now);
}

/** The task without anything that tells of others' labels: figures, answers, suggestions, claims. */
export function redactTask(task: Task, user: User): Task {
  const model = user.role === 'model';
  const { least: _least, ...rest } = task;
  const own = claimOf(task, user.id);
  return {
    ...rest,
    claims: task.claims.filter((c) => c.userId === user.id),
    leaseUntil: own?.until ?? null,
    // Whether somebody more is wanted tells who is at work on it how many others are.
    queue: own === undefined ? task.queue : own.state === 'active' ? 1 : 0,
    submissions: 0,
    agreement: null,
    confidence: null,
    answer: null,
    suggestion: model ? task.suggestion : null,
    rank: 0,
    target: 1,
  };
}

/** A submission without its place in the room's log, which counts everybody's entries. */
export const withoutRoomSeq = (submission: Submission): Submission => ({ ...submission, roomSeq: 0 });

/** The asset with no other columns beside its data than those the project shows to annotators: the rest may hold the answer. */
export function redactAsset(asset: Asset, project: Project): Asset {
  const shown = new Set(project.shownColumns);
  return {
    ...asset,
    meta: Object.fromEntries(Object.entries(asset.meta).filter(([name]) => shown.has(name))),
  };
}

/**
 * The task as lists give it. They expose nobody, so that of an answer that may still be given blind they tell nothing to
 * those who may give it; of a dispute, which calls them, they tell how far people are apart.
 */
export function listedTask(task: Task, user: User, visibility: Visibility, now: number): Task {
  if (!seesAll(user, task, now)) return redactTask(task, user);
  if (user.role === 'consumer' || visibility === 'open' || task.revision > 0) return task;
  const hidden = { ...task, answer: null };
  return task.state === 'open' ? { ...hidden, agreement: null, confidence: null } : hidden;
}
