import { ConcordError } from '@concord/core/errors/concord-error';
import { Answer, type Handlers } from '../gateway/http/handler.ts';
import type { Platform } from '../platform.ts';
import { readModelFigures } from './model-figures.ts';
import type { Projects } from './projects.ts';
import { maySeeArchived, readProject } from './readable.ts';
import { readThroughput, summarise } from './summaries.ts';

type ProjectRoutes = `projects.${'list' | 'create' | 'get' | 'update' | 'throughput' | 'models'}`;

/** The HTTP routes of projects. */
export function projectHandlers(platform: Platform, projects: Projects): Pick<Handlers, ProjectRoutes> {
  const { store, clock } = platform;
  const etag = (rev: number) => ({ etag: `"${rev}"`, 'cache-control': 'no-cache' });

  return {
    'projects.list': ({ user, query }) =>
      projects.list({
        after: query.after,
        limit: query.limit,
        archived: query.archived && maySeeArchived(user),
      }),
    'projects.create': async ({ user, body }) => {
      const { record, rev } = await projects.create(body, user.id);
      return new Answer({
        body: record,
        headers: { ...etag(rev), location: `/api/v1/projects/${record.id}` },
      });
    },
    'projects.get': async ({ user, params }) => {
      const { record, rev } = await projects.get(params.project);
      if (record.archived && !maySeeArchived(user))
        throw new ConcordError('not_found', `There is no project ${params.project}.`);
      const [body] = await summarise(store, [record]);
      // The counters are not part of the revision, so If-None-Match must not hide that they moved: the revision is
      // for If-Match only, and this answer is never cached.
      return new Answer({ body, headers: { ...etag(rev), 'cache-control': 'no-store' } });
    },
    'projects.update': async ({ user, params, body, ifMatch }) => {
      const { record, rev } = await projects.update(params.project, body, ifMatch, user.id);
      return new Answer({ body: record, headers: etag(rev) });
    },
    'projects.throughput': async ({ user, params, query }) => {
      const { id } = await readProject(projects, params.project, user);
      return readThroughput(store, clock, id, query.hours);
    },
    'projects.models': async ({ user, params }) => {
      const { id } = await readProject(projects, params.project, user);
      return { items: await readModelFigures(store, id) };
    },
  };
}
