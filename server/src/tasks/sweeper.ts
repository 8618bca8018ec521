import { isConcordError } from '@concord/core/errors/concord-error';
import type { Task } from '@concord/core/records/task';
import { refreshQueue } from '@concord/core/workflow/queue';
import type { Platform } from '../platform.ts';
import type { ProjectSource } from './needs.ts';

/** How often ended leases are looked for, in ms. */
const everyMs = 2_000;
const batch = 200;

/** Returns tasks whose lease ended to the queue: at the start, then every two seconds. Any number of nodes may do it. */
export function createSweeper(
  platform: Platform,
  projects: ProjectSource,
  changed: (task: Task) => void,
): { sweep(): Promise<number>; stop(): Promise<void> } {
  const { store, clock, logger } = platform;
  let stopped = false;
  let cancel: () => void = () => undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function freeOne(task: Task, rev: number): Promise<boolean> {
    const project = (await projects.get(task.projectId)).record;
    const freed = refreshQueue(task, project.queueOrder, clock.now());
    try {
      await store.commit({ writes: [{ put: 'tasks', record: freed, expect: rev }] });
    } catch (error) {
      // Somebody else changed the task meanwhile; what they wrote is newer than what was read here.
      if (isConcordError(error, 'conflict')) return false;
      throw error;
    }
    changed(freed);
    return true;
  }

  /** Frees everything that has ended by now; answers with how many tasks. */
  async function sweep(): Promise<number> {
    let freed = 0;
    while (!stopped) {
      const page = await store.page('tasks', {
        index: 'lease',
        range: { lte: clock.now() },
        limit: batch,
      });
      const results = await Promise.all(page.items.map(({ record, rev }) => freeOne(record, rev)));
      freed += results.filter(Boolean).length;
      // A page on which nothing could be freed is left to the next round, lest two nodes spin on it.
      if (page.items.length < batch || !results.includes(true)) break;
    }
    return freed;
  }

  function round(): void {
    running = sweep()
      .catch((err: unknown) => logger.error({ err }, 'ended leases could not be returned to the queue'))
      .finally(() => {
        if (!stopped) cancel = clock.after(everyMs, round);
      });
  }
  round();
  return {
    sweep,
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
  };
}
