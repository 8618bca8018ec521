import type { RouteQueryInput } from '@concord/core/protocol/routes';
import { query } from '@solidjs/router';
import { call, callTagged } from '../api/index.ts';

/**
 * What pages read. Each is fetched once while several places ask for it, begun when a link is hovered,
 * and fetched again by `revalidate(x.keyFor(…))`, during which the old answer stays on the screen.
 */
export type TaskFilter = Pick<RouteQueryInput<'tasks.list'>, 'state' | 'q' | 'answer' | 'after'> & {
  /** Tasks after this number. */
  readonly from?: number;
};

export const readProjects = query(
  async (archived: boolean) => call('projects.list', { query: { limit: 500, archived: String(archived) } }),
  'projects',
);
export const readSamples = query(async () => (await call('samples.list')).items, 'samples');
/** With its ETag, for changes that must not overwrite somebody else's. */
export const readProject = query(
  async (project: string) => callTagged('projects.get', { params: { project } }),
  'project',
);
export const readQuality = query(
  async (project: string) => call('projects.quality', { params: { project } }),
  'quality',
);
/** Reading it costs by the number of pairs, so a page shows what it needs and asks seldom. */
export const readPairs = query(
  async (project: string, limit: number) => call('projects.pairs', { params: { project }, query: { limit } }),
  'pairs',
);
export const readThroughput = query(
  async (project: string, hours: number) =>
    (await call('projects.throughput', { params: { project }, query: { hours } })).hours,
  'throughput',
);
export const readAnnotators = query(
  async (project: string) => (await call('projects.annotators', { params: { project } })).items,
  'annotators',
);
export const readModels = query(
  async (project: string) => (await call('projects.models', { params: { project } })).items,
  'models',
);
/** Rows of one page of the data table. */
export const tasksPerPage = 50;
export const readTasks = query(
  async (project: string, filter: TaskFilter) =>
    call('tasks.list', { params: { project }, query: { ...filter, limit: tasksPerPage } }),
  'tasks',
);
export const readImports = query(
  async (project: string) => call('imports.list', { params: { project }, query: { limit: 50 } }),
  'imports',
);
export const readDisputes = query(async () => call('disputes.list', { query: { limit: 200 } }), 'disputes');
export const readHands = query(async () => call('hands.list', { query: { limit: 100 } }), 'hands');
export const readUsers = query(
  async () => (await call('users.list', { query: { limit: 500 } })).items,
  'users',
);
export const readInvites = query(
  async () => (await call('invites.list', { query: { limit: 500 } })).items,
  'invites',
);
export const readDatasets = query(async () => (await call('datasets.list')).items, 'datasets');
export const readCommits = query(
  async (project: string, branch: string) =>
    call('commits.list', { params: { project }, query: { branch, limit: 100 } }),
  'commits',
);
export const readDiff = query(
  async (project: string, from: string, to: string) =>
    call('diffs.get', { params: { project }, query: { from, to, limit: 200 } }),
  'diff',
);
export const readKeys = query(async () => (await call('keys.list')).items, 'keys');
