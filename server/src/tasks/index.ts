export type { Added, AddOptions, NewAsset, NewTask, TogetherWith } from './add-tasks.ts';
export { contentHash, idsOf } from './add-tasks.ts';
export { taskHandlers } from './handlers/index.ts';
export { seesAll } from './handlers/redact.ts';
export { createTasks, type Tasks } from './tasks.ts';
