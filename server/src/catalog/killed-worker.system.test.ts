import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommitSummary } from '@concord/core/protocol/resources';
import type { Task } from '@concord/core/records/task';
import type { DatasetRecord } from '@concord/core/versioning/record';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApiClient } from '../cli/api-client.ts';
import { startNats } from '../testing/nats.ts';
import { type ScriptProcess, startScript } from '../testing/process.ts';
import { startTestServer } from '../testing/server.ts';

const ITEMS = 60;
/** Kills fall before, into and after the moment a batch is taken and committed. */
const KILL_AFTER_MS = [150, 320, 350, 400, 600];

describe('a versioning worker killed again and again', () => {
  let data: string;
  let started: ScriptProcess[];
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'concord-killed-'));
    started = [];
  });
  afterEach(async () => {
    for (const script of started) script.child.kill('SIGKILL');
    await Promise.all(started.map((script) => script.ended));
    rmSync(data, { recursive: true, force: true });
  });

  function start(...[script, args]: Parameters<typeof startScript>): ScriptProcess {
    const process = startScript(script, args);
    started.push(process);
    return process;
  }

  async function everyItemOnce(bus: string, disturb: () => Promise<void>): Promise<void> {
    const setup = await startTestServer({ data });
    const project = await setup.createProject();
    const keys = [
      (await setup.addUser('ann', 'annotator')).key,
      (await setup.addUser('ben', 'annotator')).key,
    ];
    const { adminKey } = setup;
    const tasks: Task[] = [];
    for (let i = 0; i < ITEMS; i++) {
      const body = { data: { text: `letter ${i}` } };
      tasks.push((await setup.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, body)).task);
    }
    await setup.close();

    const places = ['--data', data, '--bus', bus];
    const server = start('main.ts', [...places, '--port', '0', '--no-inference', '--no-versioning']);
    const [, url = ''] = await server.waitFor(/Concord is at (\S+)/);
    const people = keys.map((key) => createApiClient(url, key));
    const submit = async (task: Task, i: number) => {
      const annotation = { regions: [], answers: { label: i % 3 === 0 ? 'spam' : 'ham' } };
      for (const person of people)
        await person.post(`/tasks/${task.id}/submissions`, { annotation, leadTimeMs: 1000 + i });
    };
    const follow = async () => {
      const worker = start('../../versioning-worker/src/main.ts', places);
      await worker.waitFor(/follows the bus/);
      return worker;
    };

    const share = ITEMS / KILL_AFTER_MS.length;
    for (const [round, delay] of KILL_AFTER_MS.entries()) {
      const worker = await follow();
      const part = tasks.slice(round * share, (round + 1) * share);
      const submitting = Promise.all(part.map((task, i) => submit(task, round * share + i)));
      await sleep(delay);
      worker.child.kill('SIGKILL');
      await worker.ended;
      if (round === 2) await disturb();
      await submitting;
    }
    await follow();

    const admin = createApiClient(url, adminKey);
    const commits = async () => {
      const answer = await admin.raw('GET', `/datasets/${project.id}/commits?limit=500`);
      return answer.ok ? ((await answer.json()) as { items: CommitSummary[] }).items : [];
    };
    await expect
      .poll(async () => (await commits())[0]?.stats.total, { timeout: 90_000, interval: 250 })
      .toBe(ITEMS);
    const log = await commits();
    expect(log.every(({ stats }) => stats.added > 0 && stats.changed === 0 && stats.removed === 0)).toBe(
      true,
    );
    expect(log.reduce((sum, { stats }) => sum + stats.added, 0)).toBe(ITEMS);
    expect(log.map(({ parents }) => parents)).toEqual(
      log.map((_, i) => log.slice(i + 1, i + 2).map((c) => c.id)),
    );

    const file = await admin.raw('GET', `/datasets/${project.id}/export?format=jsonl`);
    const records = (await file.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as DatasetRecord);
    expect(records.map(({ task }) => task)).toEqual(tasks.map(({ id }) => id));
    expect(records.map(({ answer }) => answer.answers['label'])).toEqual(
      tasks.map((_, i) => (i % 3 === 0 ? 'spam' : 'ham')),
    );
    expect(records.every(({ revision, contributions }) => revision === 1 && contributions.length === 2)).toBe(
      true,
    );
  }

  test('leaves every settled item exactly once in the dataset, on the embedded bus', async () => {
    await everyItemOnce('embedded', async () => {});
  });

  test('leaves every settled item exactly once in the dataset, on NATS that is killed too', async () => {
    const nats = await startNats();
    try {
      await everyItemOnce(nats.url, nats.crash);
    } finally {
      await nats.end();
    }
  });
});
