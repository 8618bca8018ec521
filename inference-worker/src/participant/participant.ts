import type { ProjectSummary } from '@concord/core/protocol/resources';
import type { Asset } from '@concord/core/records/asset';
import type { Logger } from '@concord/platform/observability/logger';
import type { Clock } from '@concord/platform/ports/clock';
import type { Api } from './api.ts';
import { createHandled } from './handled.ts';
import type { Listen } from './news.ts';
import type { Suggester, SuggesterKind } from './suggester.ts';

/** How often projects are looked over without any news, and how long a part that failed rests, in ms. */
const LOOK_MS = 10_000;

export interface Participant {
  stop(): Promise<void>;
}

interface Wanted {
  readonly task: string;
  readonly asset: Asset;
}

/**
 * Takes part in every project that allows suggestions: keeps its models fresh, answers rooms that open first,
 * then goes through the open tasks in queue order, so that the queue can be ordered by uncertainty.
 * One piece of work at a time. What fails is logged and rests for a while; everything else goes on.
 */
export function createParticipant(
  api: Api,
  kinds: readonly SuggesterKind[],
  clock: Clock,
  logger: Logger,
  listen: Listen,
): Participant {
  const suggesters = new Map<string, Suggester>();
  /** What each queue held when it was last walked to its end without anything new to say. */
  const walked = new Map<string, string>();
  const handled = createHandled();
  /** Until when a part that failed rests. */
  const resting = new Map<string, number>();
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

  /** Does one piece of work; whether it went well. */
  async function attempt(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (err) {
      if (!stopped) logger.warn({ err, what }, 'a piece of work failed; the others go on');
      return false;
    }
  }

  /** Work that is done again at every look; after a failure not for a while, however much news there is. */
  async function regularly(what: string, work: () => Promise<void>): Promise<void> {
    if (stopped || (resting.get(what) ?? 0) > clock.now()) return;
    if (await attempt(what, work)) resting.delete(what);
    else resting.set(what, clock.now() + LOOK_MS);
  }

  async function refresh({ project, finalized }: ProjectSummary, kind: SuggesterKind): Promise<void> {
    const key = `${project.id}/${kind.name}`;
    const current = suggesters.get(key) ?? null;
    const next =
      project.suggestions && !project.archived ? await kind.refresh(project, finalized, current) : null;
    if (next === null) suggesters.delete(key);
    else suggesters.set(key, next);
    if (current !== null && next !== current) await current.close();
  }

  /** Suggests for these items; how many suggestions were new. What could not be suggested for is not asked for again. */
  async function give(suggester: Suggester, items: readonly Wanted[]): Promise<number> {
    const { id, version, projectId } = suggester.model;
    const open = items.filter(({ task }) => !handled.failed(id, version, task));
    if (open.length === 0) return 0;
    const suggestions = await suggester.suggest(open);
    const said = new Set(suggestions.map(({ taskId }) => taskId as string));
    const answer =
      suggestions.length === 0
        ? { stored: 0, refused: [] }
        : await api.call('suggestions.create', {
            params: { project: projectId },
            body: { model: id, version, items: suggestions },
          });
    for (const { task } of answer.refused) said.delete(task);
    for (const { task } of open) if (!said.has(task)) handled.fail(id, version, task);
    return answer.stored;
  }

  /** Rooms that people stand in come before everything else. */
  async function answerRooms(): Promise<void> {
    for (let next = opened.shift(); next !== undefined && !stopped; next = opened.shift()) {
      const { projectId, taskId } = next;
      const here = [...suggesters.values()].filter((s) => s.model.projectId === projectId);
      if (here.length === 0) continue;
      await attempt(`room ${taskId}`, async () => {
        const { asset, task } = await api.call('tasks.get', { params: { task: taskId } });
        if (task.state === 'finalized') return;
        for (const suggester of here) {
          const seen = task.suggestion;
          if (seen?.modelId === suggester.model.id && seen.version >= suggester.model.version) continue;
          await give(suggester, [{ task: taskId, asset }]);
        }
      });
    }
  }

  async function walkQueue(suggester: Suggester, tasks: number): Promise<void> {
    const { projectId, id, version } = suggester.model;
    const mark = `${version}/${tasks}`;
    if (walked.get(id) === mark) return;
    let stored = 0;
    let after: string | undefined;
    do {
      const page = await api.call('suggestions.wanted', {
        params: { project: projectId },
        query: { model: id, version, limit: suggester.batch, after },
      });
      stored += await give(suggester, page.items as Wanted[]);
      await answerRooms();
      after = page.next ?? undefined;
    } while (after !== undefined && !stopped);
    // Giving suggestions may reorder the queue under the walk, so only a walk that gave none counts as the end.
    if (stored === 0 && !stopped) walked.set(id, mark);
    else woken = true;
  }

  async function look(): Promise<void> {
    let after: string | undefined;
    do {
      const page = await api.call('projects.list', { query: { limit: 100, after } });
      for (const summary of page.items) {
        const { id } = summary.project;
        news.watch(id);
        for (const kind of kinds) {
          const key = `${id}/${kind.name}`;
          await regularly(key, async () => {
            await refresh(summary, kind);
            await answerRooms();
            const suggester = suggesters.get(key);
            if (suggester !== undefined) await walkQueue(suggester, summary.tasks);
          });
        }
      }
      after = page.next ?? undefined;
    } while (after !== undefined && !stopped);
    await answerRooms();
  }

  const running = (async () => {
    while (!stopped) {
      woken = false;
      await regularly('projects', look);
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
