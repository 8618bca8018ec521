import { isConcordError } from '@concord/core/errors/concord-error';
import type { ProjectId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import { underRules } from '@concord/core/workflow/queue';
import type { Platform } from '../platform.ts';
import type { ProjectSource } from './needs.ts';

const batch = 200;

/** Brings a project's open tasks under changed rules or a changed order, in the background and in small units. */
export function createReranker(
  platform: Platform,
  projects: ProjectSource,
  onDone: (projectId: ProjectId) => void,
): { stop(): Promise<void>; settled(): Promise<void> } {
  const { store, clock, logger } = platform;
  const runs = new Map<ProjectId, { again: boolean; readonly done: Promise<void> }>();
  let stopped = false;

  async function rerank(projectId: ProjectId): Promise<void> {
    const project = (await projects.get(projectId)).record;
    let after: string | undefined;
    do {
      const page = await store.page('tasks', {
        index: 'state',
        where: { projectId, state: 'open' },
        after,
        limit: batch,
      });
      let left = page.items;
      for (let attempt = 0; left.length > 0 && attempt < 5; attempt += 1) {
        const changes = left.flatMap(({ record, rev }) => {
          const next = underRules(record, project, clock.now());
          const same =
            next.rank === record.rank && next.queue === record.queue && next.target === record.target;
          return same ? [] : [{ put: 'tasks', record: next, expect: rev } as const];
        });
        if (changes.length === 0) break;
        try {
          await store.commit({ writes: changes });
          break;
        } catch (error) {
          if (!isConcordError(error, 'conflict')) throw error;
          left = await store.getMany(
            'tasks',
            left.map((item) => item.record.id),
          );
        }
      }
      after = page.next ?? undefined;
    } while (after !== undefined && !stopped);
    onDone(projectId);
  }

  function start(projectId: ProjectId): void {
    const running = runs.get(projectId);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const done = rerank(projectId)
      .catch((err: unknown) =>
        logger.error({ err, projectId }, 'the queue could not be put in its new order'),
      )
      .finally(() => {
        const again = runs.get(projectId)?.again === true;
        runs.delete(projectId);
        if (again && !stopped) start(projectId);
      });
    runs.set(projectId, { again: false, done });
  }

  const unsubscribe = projects.onChanged((after, before) => {
    // Where it is not known what was before (a change made on another node), the order may have changed.
    if (before === null || orderOf(before) !== orderOf(after)) start(after.id);
  });

  const settled = async () => {
    while (runs.size > 0) await Promise.all([...runs.values()].map((run) => run.done));
  };
  return {
    settled,
    async stop() {
      stopped = true;
      unsubscribe();
      await settled();
    },
  };
}

/** What of a project decides its queue. */
function orderOf(project: Project): string {
  return `${project.queueOrder} ${project.rules.overlap.min} ${project.rules.overlap.max}`;
}
