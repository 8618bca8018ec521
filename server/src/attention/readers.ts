import type { LayerId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { isBlindWhen, maySeeWhen, type Viewer } from '@concord/core/rooms/visibility';
import { claimOf } from '@concord/core/workflow/queue';
import { maySeeArchived } from '../projects/index.ts';
import { seesAll } from '../tasks/index.ts';

/** Who takes part in rooms and can be called into one. */
const callable: ReadonlySet<User['role']> = new Set(['annotator', 'super-reviewer', 'lead', 'admin']);

/** Whether this is a person, still here, whom one can call into a room. */
export const isCallable = (user: User | null): user is User =>
  user?.active === true && callable.has(user.role);

/** Whether this person reviews whatever task they are called to; their names are no secret to anybody. */
export const reviews = (user: User): boolean => callable.has(user.role) && user.role !== 'annotator';

/** How this person would enter the task's room now. Who reviews but is labelling it blind is an annotator here. */
export function readerOf(user: User, task: Task, now: number): Viewer {
  const review = callable.has(user.role) && seesAll(user, task, now);
  return { userId: user.id, mode: review ? 'review' : 'annotate' };
}

const hasAnswered = (user: User, task: Task): boolean => claimOf(task, user.id)?.state === 'submitted';

/** Whether the others who work on this task are hidden from this person now. */
export function worksBlind(user: User, task: Task, project: Project, now: number): boolean {
  return isBlindWhen(readerOf(user, task, now), project, hasAnswered(user, task));
}

/** Whether this person may know now what stands on this layer: the rule of rooms, asked outside of one. */
export function mayRead(user: User, layer: LayerId, task: Task, project: Project, now: number): boolean {
  if (project.archived && !maySeeArchived(user)) return false;
  return maySeeWhen(readerOf(user, task, now), layer, project, hasAnswered(user, task));
}
