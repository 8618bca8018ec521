import type { RoutePreloadFuncArgs } from '@solidjs/router';
import { currentUser, iMay } from '../shell/session.ts';
import {
  readAnnotators,
  readCommits,
  readDatasets,
  readDisputes,
  readHands,
  readImports,
  readModels,
  readProject,
  readProjects,
  readQuality,
  readTasks,
  readThroughput,
  readUsers,
} from './queries.ts';
import { taskFilterOf } from './task-filter.ts';

/** Begins to read what a page needs, on hover of a link to it. Failures show on the page itself. */
function begin(...reads: (() => Promise<unknown>)[]): void {
  if (!currentUser()) return;
  for (const read of reads) read().catch(() => {});
}
const idOf = (args: RoutePreloadFuncArgs): string => args.params['id'] ?? '';

export const projectsPreload = () => begin(() => readProjects(false));
export const projectPreload = (args: RoutePreloadFuncArgs) => begin(() => readProject(idOf(args)));
export function overviewPreload(args: RoutePreloadFuncArgs): void {
  const id = idOf(args);
  if (iMay('see-quality'))
    begin(
      () => readQuality(id),
      () => readThroughput(id, 48),
      () => readModels(id),
    );
}
export const tasksPreload = (args: RoutePreloadFuncArgs) =>
  begin(() => readTasks(idOf(args), taskFilterOf(args.location.query)));
export const importsPreload = (args: RoutePreloadFuncArgs) => begin(() => readImports(idOf(args)));
export const projectPeoplePreload = (args: RoutePreloadFuncArgs) => begin(() => readAnnotators(idOf(args)));
export const datasetsPreload = (args: RoutePreloadFuncArgs) =>
  begin(readDatasets, () => readCommits(idOf(args), 'main'));
export const disputesPreload = () => begin(readDisputes, readHands);
export const peoplePreload = () => begin(readUsers);
