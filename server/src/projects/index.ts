export type { ProjectPatch } from './changes.ts';
export { modalityOf } from './checks.ts';
export { projectHandlers } from './handlers.ts';
export { startProjectNews } from './news.ts';
export { createProjects, type ListQuery, type ProjectInput, type Projects } from './projects.ts';
export { maySeeArchived, readProject } from './readable.ts';
