import type { Handlers } from '../gateway/http/handler.ts';
import { type Projects, readProject } from '../projects/index.ts';
import type { Quality } from './quality.ts';

/** The HTTP routes of the live figures. */
export function qualityHandlers(
  quality: Quality,
  projects: Pick<Projects, 'get'>,
): Pick<Handlers, 'projects.quality' | 'projects.pairs' | 'projects.annotators'> {
  return {
    'projects.quality': async ({ user, params }) =>
      quality.project((await readProject(projects, params.project, user)).id),
    'projects.pairs': async ({ user, params, query }) =>
      quality.pairs((await readProject(projects, params.project, user)).id, query.limit),
    'projects.annotators': async ({ user, params }) => ({
      items: await quality.annotators((await readProject(projects, params.project, user)).id),
    }),
  };
}
