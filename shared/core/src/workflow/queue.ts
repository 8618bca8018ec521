import type { UserId } from '../records/ids.ts';
import { overlapOf, type Project } from '../records/project.ts';
import type { Claim, Task } from '../records/task.ts';

/** Claims that count against the overlap at `now`: submitted ones, and active ones whose lease runs. */
export function standingClaims(task: Task, now: number): readonly Claim[] {
  return task.claims.filter((c) => c.state === 'submitted' || (c.state === 'active' && c.until > now));
}

export function claimOf(task: Task, userId: UserId): Claim | undefined {
  return task.claims.find((c) => c.userId === userId);
}

/** Whether this person may still be given the task: they have no claim on it, or one that ran out. */
export function mayClaim(task: Task, userId: UserId, now: number): boolean {
  if (task.state !== 'open') return false;
  const own = claimOf(task, userId);
  if (own?.state === 'submitted' || own?.state === 'skipped') return false;
  if (own?.state === 'active' && own.until > now) return true;
  return standingClaims(task, now).length < task.target;
}

/**
 * Recomputes what follows from the claims: `queue` (1 while somebody more may claim), `leaseUntil`, `rank`.
 * Order: tasks a lead put first, then tasks somebody has begun (so that items settle early), then by number,
 * or by uncertainty, the least sure first. Expired active claims are dropped.
 */
export function refreshQueue(task: Task, queueOrder: Project['queueOrder'], now: number): Task {
  const claims = task.claims.filter((c) => c.state !== 'active' || c.until > now);
  const standing = claims.filter((c) => c.state !== 'skipped').length;
  const active = claims.filter((c) => c.state === 'active');
  const place =
    queueOrder === 'uncertainty'
      ? (1 - (task.suggestion?.uncertainty ?? 0.5)) * 1e8 + task.seq / 1e4
      : task.seq;
  return {
    ...task,
    claims,
    queue: task.state === 'open' && standing < task.target ? 1 : 0,
    leaseUntil: active.length === 0 ? null : Math.min(...active.map((c) => c.until)),
    rank: place - (standing > 0 ? 1e9 : 0) - (task.priority > 0 ? 2e9 : 0),
  };
}

/** The task with this person's claim active until `now + leaseMs` (a new claim, or a longer one). */
export function withClaim(task: Task, userId: UserId, project: Project, now: number): Task {
  const others = task.claims.filter((c) => c.userId !== userId);
  const at = claimOf(task, userId)?.at ?? now;
  const mine: Claim = { userId, state: 'active', at, until: now + project.rules.leaseMs };
  return refreshQueue({ ...task, claims: [...others, mine] }, project.queueOrder, now);
}

/** The task with this person's claim in another state, or (null) gone. */
export function withClaimState(
  task: Task,
  userId: UserId,
  state: Claim['state'] | null,
  project: Project,
  now: number,
): Task {
  const own = claimOf(task, userId);
  const others = task.claims.filter((c) => c.userId !== userId);
  const claims =
    state === null ? others : [...others, { userId, state, at: own?.at ?? now, until: own?.until ?? now }];
  return refreshQueue({ ...task, claims }, project.queueOrder, now);
}

/**
 * The task under new rules: how many submissions are wanted (`target`) lies between the new bounds again, or where a lead
 * asked for more. A task that already has as many as are now wanted asks one more person, whose submission then settles
 * it by the new rules; it never stays open with nobody able to take it. Settled and disputed tasks are left as they are.
 */
export function underRules(task: Task, project: Project, now: number): Task {
  if (task.state !== 'open') return task;
  const { min, max } = overlapOf(project.rules, task.least);
  const within = Math.min(Math.max(task.target, min), max);
  const untouched = task.submissions === 0 ? min : within;
  const target = Math.max(untouched, task.submissions + 1);
  return refreshQueue({ ...task, target }, project.queueOrder, now);
}
