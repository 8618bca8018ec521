import type { ProjectSummary } from '@concord/core/protocol/resources';
import type { ModelId, ProjectId, TaskId } from '@concord/core/records/ids';
import { silentLogger } from '@concord/platform/observability/logger';
import { createVirtualClock } from '@concord/platform/testing/clock-virtual';
import { afterEach, describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import type { Listen } from './news.ts';
import { createParticipant, type Participant } from './participant.ts';
import type { Suggester, SuggesterKind } from './suggester.ts';

const summaryOf = (id: string, tasks: number) =>
  ({ project: { id, suggestions: true, archived: false }, tasks, finalized: 0 }) as unknown as ProjectSummary;

/** A server with queues by project; `takes` says whether it stores a suggestion, refuses it, or knows it already. */
function createServer(
  queues: Record<string, string[]>,
  takes: (task: string) => 'new' | 'known' | 'refused',
) {
  const suggested = new Set<string>();
  let walks = 0;
  const api = {
    url: '',
    key: '',
    async call(name: string, { params, body, query }: Record<string, Record<string, unknown>> = {}) {
      if (name === 'projects.list')
        return { items: Object.entries(queues).map(([id, q]) => summaryOf(id, q.length)), next: null };
      if (name === 'tasks.get') return { task: { state: 'open', suggestion: null }, asset: {} };
      if (name === 'suggestions.wanted') {
        walks += 1;
        const open = (queues[String(params?.['project'])] ?? []).filter((task) => !suggested.has(task));
        const limit = Number(query?.['limit']);
        return { items: open.slice(0, limit).map((task) => ({ task, asset: {} })), next: null };
      }
      const given = (body?.['items'] ?? []) as { taskId: string }[];
      const tasks = given.map(({ taskId }) => taskId);
      for (const task of tasks) if (takes(task) === 'new') suggested.add(task);
      return {
        stored: tasks.filter((task) => takes(task) === 'new').length,
        refused: tasks.filter((task) => takes(task) === 'refused').map((task) => ({ task, problem: {} })),
      };
    },
  };
  return { api: api as unknown as Api, suggested, walks: () => walks };
}

function suggesterOf(project: string, version = 1, suggest?: (task: string) => boolean) {
  const asked: string[] = [];
  const suggester: Suggester = {
    model: { id: `mdl_${project}` as ModelId, projectId: project as ProjectId, version },
    batch: 2,
    async suggest(items) {
      asked.push(...items.map(({ task }) => task));
      return items
        .filter(({ task }) => suggest?.(task) ?? true)
        .map(({ task }) => ({
          taskId: task as TaskId,
          annotation: { regions: [], answers: {} },
          score: null,
          uncertainty: 0.5,
        }));
    },
    async close() {},
  };
  return { suggester, asked };
}

describe('the participant', () => {
  let participant: Participant;
  let heard: Parameters<Listen>[2];
  const clock = createVirtualClock();
  const start = (api: Api, kinds: readonly SuggesterKind[]) => {
    participant = createParticipant(api, kinds, clock, silentLogger, (_url, _key, on) => {
      heard = on;
      return { watch() {}, close() {} };
    });
    return clock.advance(0);
  };
  const kindOf = (refresh: SuggesterKind['refresh']): SuggesterKind => ({ name: 'kind', refresh });
  /** Lets what is ready run, without time passing. */
  const turns = async (n = 20) => {
    for (let i = 0; i < n; i++) await clock.advance(0);
  };
  afterEach(() => participant.stop());

  it('walks a queue to its end', async () => {
    const server = createServer({ prj_a: ['t1', 't2', 't3', 't4', 't5'] }, () => 'new');
    const { suggester, asked } = suggesterOf('prj_a');
    await start(server.api, [kindOf(async () => suggester)]);
    await turns();
    expect(asked).toEqual(['t1', 't2', 't3', 't4', 't5']);
    const { walks } = server;
    const before = walks();
    heard.project('prj_a');
    await turns();
    expect(walks()).toBe(before);
  });

  it.each([
    ['cannot read', 'new', false],
    ['has refused', 'refused', true],
    ['has been told already', 'known', true],
  ] as const)('does not turn in circles over what it %s', async (_why, answer, says) => {
    const server = createServer({ prj_a: ['t1', 't2'] }, () => answer);
    const { suggester, asked } = suggesterOf('prj_a', 1, () => says);
    await start(server.api, [kindOf(async () => suggester)]);
    await turns(60);
    expect(asked).toEqual(['t1', 't2']);
    expect(server.walks()).toBe(1);
  });

  it('does not ask again for what failed when the queue grows, but asks a newer version', async () => {
    const queue = ['t1', 't2'];
    const server = createServer({ prj_a: queue }, () => 'new');
    const fails = (task: string) => task !== 't1';
    const first = suggesterOf('prj_a', 1, fails);
    const second = suggesterOf('prj_a', 2, fails);
    let now = first.suggester;
    await start(server.api, [kindOf(async () => now)]);
    await turns();
    queue.push('t3');
    heard.project('prj_a');
    await turns();
    expect(first.asked).toEqual(['t1', 't2', 't3']);
    now = second.suggester;
    heard.project('prj_a');
    await turns();
    expect(second.asked).toEqual(['t1']);
  });

  it('goes on with other projects and kinds when one fails, and leaves that alone for a while', async () => {
    const server = createServer({ prj_a: ['a1'], prj_b: ['b1'] }, () => 'new');
    const [a, b] = [suggesterOf('prj_a'), suggesterOf('prj_b')];
    let failures = 0;
    const broken: SuggesterKind = {
      name: 'broken',
      async refresh() {
        failures += 1;
        throw new Error('no such file');
      },
    };
    const fine = kindOf(async ({ id }) => (id === 'prj_a' ? a : b).suggester);
    await start(server.api, [broken, fine]);
    await turns();
    expect([a.asked, b.asked]).toEqual([['a1'], ['b1']]);
    expect(failures).toBe(2);
    for (let i = 0; i < 5; i++) {
      heard.project('prj_a');
      await turns();
    }
    expect(failures).toBe(2);
    await clock.advance(10_000);
    await turns();
    expect(failures).toBe(4);
  });

  it('answers a room that opens, also when the one before cannot be read', async () => {
    const server = createServer({ prj_a: [] }, () => 'new');
    const { call } = server.api;
    const api = {
      ...server.api,
      call: (async (name: string, options: never) => {
        if (name === 'tasks.get' && (options as { params: { task: string } }).params.task === 'gone')
          throw new Error('not found');
        return call(name as never, options);
      }) as Api['call'],
    };
    const { suggester, asked } = suggesterOf('prj_a');
    await start(api, [kindOf(async () => suggester)]);
    await turns();
    heard.room('prj_a', 'gone');
    heard.room('prj_a', 'here');
    await turns();
    expect(asked).toEqual(['here']);
  });
});
