import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import { type ServerProcess, startMongo } from '@concord/platform/testing/servers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiClient, createApiClient } from '../cli/api-client.ts';
import { type ScriptProcess, startScript } from '../testing/process.ts';

describe('concord serve on MongoDB', () => {
  let mongo: ServerProcess;
  let folder: string;
  let started: ScriptProcess[];
  beforeEach(async () => {
    mongo = await startMongo();
    folder = mkdtempSync(join(tmpdir(), 'concord-mongodb-'));
    started = [];
  });
  afterEach(async () => {
    for (const script of started) script.child.kill('SIGKILL');
    await Promise.all(started.map((script) => script.ended));
    await mongo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A server with a data folder of its own on the one database. */
  async function serve(name: string): Promise<{ script: ScriptProcess; url: string }> {
    const options = ['--data', join(folder, name), '--port', '0', '--no-inference', '--no-versioning'];
    const script = startScript('main.ts', options, { CONCORD_STORE: `${mongo.url}/team` });
    started.push(script);
    return { script, url: (await script.waitFor(/Concord is at (\S+)/))[1] ?? '' };
  }
  async function concord(...args: string[]) {
    const script = startScript('cli/main.ts', [...args, '--json', '--data', join(folder, 'cli')], {
      CONCORD_STORE: `${mongo.url}/team`,
    });
    started.push(script);
    return { code: await script.ended, stdout: script.stdout(), stderr: script.stderr() };
  }
  async function settleOne(api: ApiClient, project: Project, text: string): Promise<Task> {
    await api.post(`/projects/${project.id}/tasks`, { data: { text } });
    const { task } = await api.post<{ task: Task }>(`/projects/${project.id}/next`);
    await api.post(`/tasks/${task.id}/submissions`, {
      annotation: { regions: [], answers: { label: 'ham' } },
    });
    return task;
  }

  test('serves from it, through a kill -9 of the database and one of the server, whatever data folder it has', async () => {
    const first = await serve('first');
    const made = await concord('user', 'add', 'boss', '--role', 'admin');
    expect(made.stderr).toBe('');
    const { key } = JSON.parse(made.stdout) as { key: string };
    const api = createApiClient(first.url, key);
    const project = await api.post<Project>('/projects', {
      name: 'Letters',
      schema: {
        version: 1,
        modality: 'text-classification',
        classes: ['spam', 'ham'].map((name) => ({ name, color: '#2563eb' })),
      },
      rules: {
        overlap: { min: 1, max: 1 },
        minAgreement: 0.6,
        minConfidence: 0.6,
        consensus: 'majority',
        leaseMs: 60_000,
      },
    });
    const one = await settleOne(api, project, 'before');
    await mongo.restart();
    const two = await settleOne(api, project, 'after');

    first.script.child.kill('SIGKILL');
    await first.script.ended;
    const second = createApiClient((await serve('second')).url, key);
    for (const { id } of [one, two]) {
      const found = await second.get<{ task: Task }>(`/tasks/${id}`);
      expect(found.task).toMatchObject({ state: 'finalized', answer: 'ham', revision: 1 });
    }
    const three = await settleOne(second, project, 'at last');
    expect(three.seq).toBe(3);
    const doctor = JSON.parse((await concord('doctor')).stdout) as { check: string; fine: boolean }[];
    expect(doctor.find(({ check }) => check === 'store')).toMatchObject({ fine: true });
  });

  test('says in one line that no database answers, and ends', async () => {
    await mongo.stop();
    const script = startScript('main.ts', [
      ...['--data', join(folder, 'none'), '--port', '0'],
      ...['--store', `mongodb://me:secret@127.0.0.1:${mongo.port}/team`],
    ]);
    started.push(script);
    expect(await script.ended).toBe(4);
    expect(script.stderr()).toMatch(/^No MongoDB answers at mongodb:\/\/…@127\.0\.0\.1:\d+\/team .*\n$/);
  });
});
