export * from './queries.ts';
export { taskFilterOf } from './task-filter.ts';
