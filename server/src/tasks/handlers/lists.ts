import type { DisputeItem } from '@concord/core/protocol/resources';
import type { Task } from '@concord/core/records/task';
import type { Handlers } from '../../gateway/http/handler.ts';
import type { Platform } from '../../platform.ts';
import { type Projects, readProject } from '../../projects/index.ts';
import { listedTask } from './redact.ts';

/** Rows a filtered list looks at in one call; a caller goes on with the cursor it gets. */
const SCAN = 5000;

export function listHandlers(
  platform: Platform,
  projects: Projects,
): Pick<Handlers, 'tasks.list' | 'disputes.list'> {
  const { store, clock } = platform;
  return {
    'tasks.list': async ({ user, params, query }) => {
      const project = await readProject(projects, params.project, user);
      const needle = query.q?.toLowerCase();
      const now = clock.now();
      const fits = (task: Task) =>
        (needle === undefined || task.preview.toLowerCase().includes(needle)) &&
        (query.answer === undefined || task.answer === query.answer);
      const filtered = needle !== undefined || query.answer !== undefined;
      const items: Task[] = [];
      let after = query.after;
      let next: string | null = null;
      for (let scanned = 0; scanned < SCAN; ) {
        const page = await store.page('tasks', {
          ...(query.state === undefined
            ? { index: 'seq' as const, where: { projectId: project.id } }
            : { index: 'state' as const, where: { projectId: project.id, state: query.state } }),
          ...(query.from === undefined ? {} : { range: { gt: query.from } }),
          after,
          // A filtered page takes only as many rows as are still wanted, so that its cursor never skips one that fits.
          limit: query.limit - items.length,
        });
        // What somebody may not see they cannot search by either.
        for (const { record } of page.items) {
          const task = listedTask(record, user, project.visibility, now);
          if (fits(task)) items.push(task);
        }
        next = page.next;
        scanned += Math.max(1, page.items.length);
        if (!filtered || next === null || items.length >= query.limit) break;
        after = next;
      }
      return { items, next };
    },

    'disputes.list': async ({ query }) => {
      const items: DisputeItem[] = [];
      let after = query.after;
      let next: string | null = null;
      for (let scanned = 0; scanned < SCAN; ) {
        const page = await store.page('tasks', {
          index: 'disputes',
          where: { state: 'disputed' },
          after,
          limit: query.limit - items.length,
        });
        for (const { record: task } of page.items) {
          if (query.project !== undefined && task.projectId !== query.project) continue;
          const { record: project } = await projects.get(task.projectId);
          if (project.archived) continue;
          items.push({
            taskId: task.id,
            projectId: project.id,
            projectName: project.name,
            modality: project.schema.modality,
            preview: task.preview,
            agreement: task.agreement,
            confidence: task.confidence,
            submissions: task.submissions,
            disputedAt: task.disputedAt ?? 0,
          });
        }
        next = page.next;
        scanned += Math.max(1, page.items.length);
        if (next === null || items.length >= query.limit) break;
        after = next;
      }
      return { items, next };
    },
  };
}
