import type { ProjectSummary } from '@concord/core/protocol/resources';
import type { Asset } from '@concord/core/records/asset';
import type { Logger } from '@concord/platform/observability/logger';
import type { Clock } from '@concord/platform/ports/clock';
import type { Api } from './api.ts';
import { listen } from './news.ts';
import type { Suggester, SuggesterKind } from './suggester.ts';

/** How often projects are looked over without any news. */
const LOOK_MS = 10_000;

export interface Participant {
  stop(): Promise<void>;
}

/**
 * Takes part in every project that allows suggestions: keeps its models fresh, answers rooms that open first,
 * then goes through the open tasks in queue order, so that the queue can be ordered by uncertainty.
 * One piece of work at a time; a failure is logged and tried again at the next look.
 */
export function createParticipant(
  api: Api,
  kinds: readonly SuggesterKind[],
  clock: Clock,
  logger: Logger,
): Participant {
  const suggesters = new Map<string, Suggester>();
  /** What each queue held when it was last walked to its end without finding anything to do. */
  const walked = new Map<string, string>();
  const opened: { projectId: string; taskId: string }[] = [];
  let stopped = false;
  let woken = true;
  let wake: () => void = () => {};
  const poke = () => {
    woken = true;
    wake();
  };

  const news = listen(api.url, api.key, {
    room(projectId, taskId) {
      opened.push({ projectId, taskId });
      poke();
    },
    project: poke,
  });

  async function refresh({ project, finalized }: ProjectSummary): Promise<Suggester[]> {
    news.watch(project.id);
    const ready: Suggester[] = [];
    for (const kind of kinds) {
      const key = `${project.id}/${kind.name}`;
      const current = suggesters.get(key) ?? null;
      const next =
        project.suggestions && !project.archived ? await kind.refresh(project, finalized, current) : null;
      if (current !== null && next !== current) await current.close();
      if (next === null) suggesters.delete(key);
      else {
        suggesters.set(key, next);
        ready.push(next);
      }
    }
    return ready;
  }

  async function give(suggester: Suggester, items: readonly { task: string; asset: Asset }[]): Promise<void> {
    const suggestions = await suggester.suggest(items);
    if (suggestions.length === 0) return;
    await api.call('suggestions.create', {
      params: { project: suggester.model.projectId },
      body: { model: suggester.model.id, version: suggester.model.version, items: suggestions },
    });
  }

  /** Rooms that people stand in come before everything else. */
  async function answerRooms(): Promise<void> {
    for (let next = opened.shift(); next !== undefined && !stopped; next = opened.shift()) {
      const { projectId, taskId } = next;
      const here = [...suggesters.values()].filter((s) => s.model.projectId === projectId);
      if (here.length === 0) continue;
      const { asset, task } = await api.call('tasks.get', { params: { task: taskId } });
      if (task.state === 'finalized') continue;
      for (const suggester of here) {
        const seen = task.suggestion;
        if (seen?.modelId === suggester.model.id && seen.version >= suggester.model.version) continue;
        await give(suggester, [{ task: taskId, asset }]);
      }
    }
  }

  async function walkQueue(suggester: Suggester, tasks: number): Promise<void> {
    const { projectId, id, version } = suggester.model;
    const mark = `${version}/${tasks}`;
    if (walked.get(id) === mark) return;
    let found = 0;
    let after: string | undefined;
    do {
      const page = await api.call('suggestions.wanted', {
        params: { project: projectId },
        query: { model: id, version, limit: suggester.batch, after },
      });
      found += page.items.length;
      if (page.items.length > 0) await give(suggester, page.items as { task: string; asset: Asset }[]);
      await answerRooms();
      after = page.next ?? undefined;
    } while (after !== undefined && !stopped);
    // Giving suggestions may reorder the queue under the walk, so only a walk that found nothing counts as the end.
    if (found === 0 && !stopped) walked.set(id, mark);
    else woken = true;
  }

  async function look(): Promise<void> {
    let after: string | undefined;
    do {
      const page = await api.call('projects.list', { query: { limit: 100, after } });
      for (const summary of page.items) {
        if (stopped) return;
        for (const suggester of await refresh(summary)) {
          await answerRooms();
          await walkQueue(suggester, summary.tasks);
        }
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
    await answerRooms();
  }

  const running = (async () => {
    while (!stopped) {
      woken = false;
      try {
        await look();
      } catch (err) {
        if (!stopped) logger.warn({ err }, 'a look over the projects failed; trying again');
      }
      if (!woken && !stopped) {
        await new Promise<void>((done) => {
          const cancel = clock.after(LOOK_MS, done);
          wake = () => {
            cancel();
            done();
          };
        });
      }
    }
  })();

  return {
    async stop() {
      stopped = true;
      news.close();
      poke();
      await running;
      await Promise.all([...suggesters.values()].map((s) => s.close()));
    },
  };
}
