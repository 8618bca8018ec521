import { ConcordError } from '@concord/core/errors/concord-error';
import type { CommitSummary, DatasetSummary } from '@concord/core/protocol/resources';
import { exportFormat } from '@concord/core/protocol/routes';
import type { Project } from '@concord/core/records/project';
import type { Commit } from '@concord/core/versioning/commit';
import { createRepository, type Repository } from '@concord/core/versioning/repository';
import { nodeCodec } from '@concord/platform/datasets/node-codec';
import type { Handlers } from '../gateway/http/handler.ts';
import type { Platform } from '../platform.ts';
import type { Projects } from '../projects/index.ts';
import { diffVersions, openVersion } from './diff.ts';
import { exportVersion } from './export/export-version.ts';
import { listFinalizations } from './finalizations.ts';

type CatalogRoutes = 'datasets.list' | 'commits.list' | 'diffs.get' | 'exports.get' | 'finalizations.list';

const MAIN = 'main';

/** What is settled, and its versions: read-only. The versioning worker writes what is read here. */
export function catalogHandlers(
  platform: Platform,
  projects: Pick<Projects, 'get'>,
): Pick<Handlers, CatalogRoutes> {
  const repository = createRepository(platform.blobs, nodeCodec);
  return {
    'datasets.list': async () => ({ items: await listDatasets(platform, repository) }),
    'commits.list': async ({ params, query }) => {
      const { record } = await projects.get(params.project);
      const from = query.from ?? (await repository.head(record.id, query.branch))?.commit;
      if (from === undefined) {
        if (query.branch === MAIN) return { items: [], next: null };
        throw new ConcordError('not_found', `The dataset of ${record.name} has no branch ${query.branch}.`);
      }
      return listCommits(repository, record.id, from, query.limit);
    },
    'diffs.get': async ({ params, query }) => {
      const { record } = await projects.get(params.project);
      return diffVersions(repository, nodeCodec, record.id, query);
    },
    'exports.get': async ({ params, query }) => {
      const { record } = await projects.get(params.project);
      const version = await openVersion(repository, record.id, query.at);
      return exportVersion(version, record, exportFormat.parse(query.format), platform.modalities);
    },
    'finalizations.list': async ({ params, query }) => {
      const { record } = await projects.get(params.project);
      return listFinalizations(platform.store, record.id, query);
    },
  };
}

/** Every project has a dataset; it is empty until its first item is settled. */
async function listDatasets(platform: Platform, repository: Repository): Promise<DatasetSummary[]> {
  const items: DatasetSummary[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const page = await platform.store.page('projects', { index: 'created', after, limit: 200 });
    const known = page.items.filter(({ record }) => !record.archived);
    items.push(...(await Promise.all(known.map(({ record }) => summarise(repository, record)))));
    more = page.next !== null;
    after = page.next ?? undefined;
  }
  return items;
}

async function summarise(repository: Repository, project: Project): Promise<DatasetSummary> {
  const head = await repository.head(project.id, MAIN);
  const commit = head === null ? null : await repository.commit(project.id, head.commit);
  return {
    projectId: project.id,
    name: project.name,
    branch: MAIN,
    head: head?.commit ?? null,
    records: commit?.stats.total ?? 0,
    commits: commit?.number ?? 0,
    updatedAt: commit?.at ?? null,
  };
}

async function listCommits(repository: Repository, project: string, from: string, limit: number) {
  const items: CommitSummary[] = [];
  for await (const { id, commit } of repository.log(project, from)) {
    if (items.length === limit) return { items, next: id };
    items.push(commitSummary(id, commit));
  }
  return { items, next: null };
}

function commitSummary(id: string, commit: Commit): CommitSummary {
  const { parents, message, author, at, root, stats } = commit;
  return { id, parents, message, author, at, root, stats };
}
