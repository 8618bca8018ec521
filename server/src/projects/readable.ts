import { ConcordError } from '@concord/core/errors/concord-error';
import type { Project } from '@concord/core/records/project';
import type { User } from '@concord/core/records/user';
import type { Projects } from './projects.ts';

/** Archived projects are kept for leads; to everybody else they are gone. */
export function maySeeArchived(user: User): boolean {
  return user.role === 'lead' || user.role === 'admin';
}

/** A project for whoever may read it; to others there is no such thing as `what`. Throws `not_found`. */
export async function readProject(
  projects: Pick<Projects, 'get'>,
  id: string,
  user: User,
  what = `project ${id}`,
): Promise<Project> {
  const { record } = await projects.get(id);
  if (record.archived && !maySeeArchived(user)) throw new ConcordError('not_found', `There is no ${what}.`);
  return record;
}
