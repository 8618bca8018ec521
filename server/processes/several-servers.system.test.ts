import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommitSummary } from '@concord/core/protocol/resources';
import type { TaskId } from '@concord/core/records/ids';
import type { User } from '@concord/core/records/user';
import type { LogEntry } from '@concord/core/rooms/op';
import { silentLogger } from '@concord/platform/observability/logger';
import { type ServerProcess, startMongo, startNats, startRedis } from '@concord/platform/testing/servers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ApiClient, createApiClient } from '../src/cli/api-client.ts';
import { createPeople } from '../src/people/index.ts';
import { closePlatform, openPlatform } from '../src/start/adapters.ts';
import { freePort } from '../src/testing/cluster.ts';
import { type ScriptProcess, startScript } from '../src/testing/process.ts';
import { type Labeller, nothingTold, startLabeller, type Told } from './labeller.ts';

const LABELLERS = 20;
const TASKS = 1_500;
const patient = { timeout: 60_000, interval: 50 };

describe('two servers on MongoDB, NATS and Redis, while twenty people label', () => {
  let data: string;
  let mongo: ServerProcess;
  let nats: ServerProcess;
  let redis: ServerProcess;
  let places: string[];
  let urls: string[];
  const servers: (ScriptProcess | null)[] = [null, null];
  let versioning: ScriptProcess | null = null;
  let adminKey: string;
  const people: { name: string; user: User; key: string }[] = [];
  let working: Labeller[] = [];

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'concord-several-'));
    [mongo, nats, redis] = await Promise.all([startMongo(), startNats(), startRedis()]);
    places = ['--data', data, '--store', mongo.url, '--bus', nats.url, '--fanout', redis.url];
    urls = [await freePort(), await freePort()].map((port) => `http://127.0.0.1:${port}`);
    const platform = await openPlatform(
      {
        data,
        store: { kind: 'mongodb', url: mongo.url },
        bus: { kind: 'nats', url: nats.url },
        fanout: { kind: 'local' },
      },
      silentLogger,
    );
    const accounts = createPeople(platform);
    adminKey = (await accounts.createUser({ name: 'boss', role: 'admin' })).key;
    for (let i = 1; i <= LABELLERS; i++)
      people.push({
        name: `person-${i}`,
        ...(await accounts.createUser({ name: `person-${i}`, role: 'annotator' })),
      });
    accounts.close();
    await closePlatform(platform);
    versioning = startScript('../../versioning-worker/src/main.ts', places);
    await Promise.all([startServer(0), startServer(1), versioning.waitFor(/follows the bus/)]);
    await bothKnown();
  });
  afterEach(async () => {
    for (const one of working) one.stop();
    await Promise.allSettled(working.map(({ done }) => done));
    working = [];
  });
  afterAll(async () => {
    for (const process of [...servers, versioning]) {
      process?.child.kill('SIGKILL');
      await process?.ended;
    }
    await Promise.all([mongo, nats, redis].map((server) => server?.stop()));
    rmSync(data, { recursive: true, force: true });
  });

  async function startServer(place: 0 | 1): Promise<void> {
    const url = urls[place]!;
    const started = startScript('main.ts', [
      ...places,
      ...['--port', new URL(url).port, '--node-url', url, '--no-inference', '--no-versioning'],
    ]);
    servers[place] = started;
    await started.waitFor(/Concord is at/);
  }
  const api = (place: 0 | 1): ApiClient => createApiClient(urls[place]!, adminKey);
  async function bothKnown(): Promise<void> {
    const known = async (place: 0 | 1) =>
      (await api(place).get<{ items: unknown[] }>('/admin/nodes')).items.length;
    while ((await known(0)) < 2 || (await known(1)) < 2) await sleep(50);
  }
  const readiness = async (place: 0 | 1) =>
    ((await (await fetch(`${urls[place]}/readyz`)).json()) as { status: string }).status;

  async function begin(name: string): Promise<{ project: string; told: Told }> {
    const project = await api(0).post<{ id: string }>('/projects', {
      name,
      schema: {
        modality: 'text-classification',
        classes: [
          { name: 'spam', color: '#d97706' },
          { name: 'ham', color: '#2563eb' },
        ],
      },
      rules: {
        overlap: { min: 2, max: 2 },
        minAgreement: 0.5,
        minConfidence: 0.5,
        consensus: 'majority',
        leaseMs: 60_000,
      },
    });
    const lines = Array.from({ length: TASKS }, (_, i) => JSON.stringify({ text: `${name} ${i}` })).join(
      '\n',
    );
    await api(0).upload(`/projects/${project.id}/imports?name=letters.jsonl`, Buffer.from(lines));
    const told = nothingTold();
    working = people.map((one, i) =>
      startLabeller(i % 2 === 0 ? urls : [...urls].reverse(), project.id, one, told),
    );
    for (const { done } of working) done.catch(() => {});
    return { project: project.id, told };
  }
  /** Until so many more were handed in. */
  const more = (told: Told, count: number) => {
    const goal = told.submissions.length + count;
    return expect.poll(() => told.submissions.length, patient).toBeGreaterThanOrEqual(goal);
  };

  async function finish(project: string, told: Told): Promise<void> {
    for (const one of working) one.stop();
    await Promise.all(working.map(({ done }) => done));
    working = [];
    const byTask = new Map<TaskId, Told['ops']>();
    for (const op of told.ops) byTask.set(op.task, [...(byTask.get(op.task) ?? []), op]);
    const settled: string[] = [];
    for (const [task, ops] of byTask) {
      const { entries } = await api(0).get<{ entries: LogEntry[] }>(`/tasks/${task}/history`);
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
      const sent = entries.filter(({ n }) => n > 0);
      const byName = new Map(sent.map((entry) => [`${entry.by}/${entry.client}/${entry.n}`, entry]));
      expect(byName.size).toBe(sent.length);
      for (const { op, client } of ops)
        expect(byName.get(`${op.layer}/${client}/${op.n}`)?.op).toEqual(op.op);
      const submitted = sent.filter(({ op }) => op.t === 'submit').map(({ by }) => by);
      expect(new Set(submitted).size).toBe(submitted.length);
      for (const one of told.submissions.filter((s) => s.task === task))
        expect(submitted).toContain(one.userId);
      settled.push(...entries.flatMap(({ op }) => (op.t === 'finalize' ? [task] : [])));
    }
    expect(settled.length).toBeGreaterThan(LABELLERS);
    const commits = async () => {
      const answer = await api(0).raw('GET', `/datasets/${project}/commits?limit=500`);
      return answer.ok ? ((await answer.json()) as { items: CommitSummary[] }).items : [];
    };
    await expect.poll(async () => (await commits())[0]?.stats.total, patient).toBe(settled.length);
    const log = await commits();
    expect(log.reduce((sum, { stats }) => sum + stats.added, 0)).toBe(settled.length);
    expect(log.every(({ stats }) => stats.changed === 0 && stats.removed === 0)).toBe(true);
  }

  test('a rolling restart shows nobody an error, and nothing that was acknowledged is lost', async () => {
    const { project, told } = await begin('Rolling');
    await more(told, LABELLERS);
    for (const place of [0, 1] as const) {
      servers[place]!.child.kill('SIGTERM');
      const from = performance.now();
      expect(await servers[place]!.ended).toBe(0);
      // Rooms are handed over within 20 s, and who is left then is cut off; stopping takes 5 s at most.
      expect(performance.now() - from).toBeLessThan(26_000);
      await more(told, LABELLERS);
      await startServer(place);
      await bothKnown();
    }
    await more(told, LABELLERS);
    await finish(project, told);
    expect(told.troubles.filter(({ kind }) => kind !== 'offline')).toEqual([]);
  });

  test('whatever is killed, everybody goes on within seconds, and all that was acknowledged is there once', async () => {
    const { project, told } = await begin('Killed');
    await more(told, LABELLERS);

    servers[0]!.child.kill('SIGKILL');
    const killedAt = performance.now();
    const waiting = () => people.filter(({ name }) => (told.lastAt.get(name) ?? 0) <= killedAt).length;
    await expect.poll(waiting, { timeout: 30_000, interval: 10 }).toBe(0);
    const tookMs = performance.now() - killedAt;
    await more(told, LABELLERS);
    await startServer(0);
    await bothKnown();

    await redis.kill();
    await expect
      .poll(() => Promise.all([readiness(0), readiness(1)]), patient)
      .toEqual(['degraded', 'degraded']);
    await more(told, 2 * LABELLERS);
    await redis.restart();
    await expect.poll(() => Promise.all([readiness(0), readiness(1)]), patient).toEqual(['ready', 'ready']);

    await nats.kill();
    await expect
      .poll(() => Promise.all([readiness(0), readiness(1)]), patient)
      .toEqual(['degraded', 'degraded']);
    await more(told, 2 * LABELLERS);
    await nats.restart();

    await mongo.kill();
    await sleep(1_000);
    await mongo.restart();
    await more(told, 2 * LABELLERS);
    await expect.poll(() => Promise.all([readiness(0), readiness(1)]), patient).toEqual(['ready', 'ready']);

    await finish(project, told);
    expect(told.troubles.filter(({ kind }) => kind !== 'offline')).toEqual([]);
    expect(tookMs).toBeLessThan(30_000);
  });
});
