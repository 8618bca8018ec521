import type { Asset } from '@concord/core/records/asset';
import type { Project } from '@concord/core/records/project';
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
export function redactTask(task: Task, user: User, now: number): Task {
  if (seesAll(user, task, now)) return task;
  const model = user.role === 'model';
  return {
    ...task,
    claims: task.claims.filter((c) => c.userId === user.id),
    leaseUntil: claimOf(task, user.id)?.until ?? null,
    submissions: 0,
    agreement: null,
    confidence: null,
    answer: null,
    suggestion: model ? task.suggestion : null,
    rank: 0,
    target: 1,
  };
}

/** The asset with no other columns beside its data than those the project shows to annotators: the rest may hold the answer. */
export function redactAsset(asset: Asset, project: Project): Asset {
  const shown = new Set(project.shownColumns);
  return {
    ...asset,
    meta: Object.fromEntries(Object.entries(asset.meta).filter(([name]) => shown.has(name))),
  };
}
