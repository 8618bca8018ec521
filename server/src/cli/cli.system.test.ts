import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportJob } from '@concord/core/records/import';
import type { Project } from '@concord/core/records/project';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScriptProcess, startScript } from '../testing/process.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

describe('concord, the command', () => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer();
    folder = mkdtempSync(join(tmpdir(), 'concord-cli-'));
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(...args: string[]): ScriptProcess {
    return startScript('cli/main.ts', args, { CONCORD_URL: server.url, CONCORD_TOKEN: server.adminKey });
  }
  async function concord(...args: string[]) {
    const script = start(...args);
    const code = await script.ended;
    return { code, stdout: script.stdout(), stderr: script.stderr() };
  }
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await concord(...args, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as T;
  };

  test('user add: over HTTP with a key, into the data folder without; the running server knows both', async () => {
    type Made = { user: { role: string }; key: string };
    const overHttp = await json<Made>('user', 'add', 'cli-one', '--role', 'lead');
    const script = startScript('cli/main.ts', [
      'user',
      'add',
      'cli-two',
      '--role',
      'consumer',
      '--json',
      '--data',
      server.data,
    ]);
    expect(await script.ended).toBe(0);
    const inFolder = JSON.parse(script.stdout()) as Made;
    for (const { user, key } of [overHttp, inFolder]) {
      const me = await server.as(key).get<{ user: { role: string } }>('/session');
      expect(me.user.role).toBe(user.role);
    }
    const again = await concord('user', 'add', 'cli-one', '--role', 'lead');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('cli-one is taken')]);
  });

  test('project create and list, import, export, tail: the whole way', async () => {
    const project = await json<Project>(
      'project',
      'create',
      'Mail',
      '--modality',
      'text-classification',
      '--classes',
      'spam, ham',
      '--overlap',
      '1',
    );
    expect(project).toMatchObject({
      name: 'Mail',
      rules: { overlap: { min: 1, max: 1 } },
      schema: { classes: [{ name: 'spam' }, { name: 'ham' }] },
    });
    const listed = await concord('project', 'list');
    expect(listed.stdout).toMatch(new RegExp(`${project.id} +Mail +0`));

    const file = join(folder, 'mail.csv');
    writeFileSync(file, 'text,from\n"You won",a@example.org\n"Minutes of Monday",b@example.org\n');
    const job = await json<ImportJob>('import', file, '--project', project.id);
    expect(job).toMatchObject({ status: 'done', added: 2, errorCount: 0 });

    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/next`);
    await server.api.post(`/tasks/${task.id}/submissions`, {
      annotation: { regions: [], answers: { label: 'spam' } },
    });
    const tail = start('tail', '--after', '0', '--types', 'concord.item.finalized.v1', '--limit', '1');
    await tail.waitFor(/\n/);
    expect(await tail.ended).toBe(0);
    const event = JSON.parse(tail.stdout()) as { position: number; id: string };
    expect(event.id).toBe(`${task.id}:1`);
    expect(event.position).toBeGreaterThan(0);

    const out = join(folder, 'all.json');
    await json('export', '--tasks', '--format', 'json', '--project', project.id, '--out', out);
    const exported = readFileSync(out, 'utf8');
    expect(exported).toContain('You won');
    expect(exported).toContain('Minutes of Monday');
  });

  test('tail goes on where it was when the server was away', async () => {
    const own = await startTestServer();
    const project = await own.createProject({
      rules: { ...(await own.createProject()).rules, overlap: { min: 1, max: 1 } },
    });
    const settleOne = async (at: TestServer, text: string) => {
      await at.api.post(`/projects/${project.id}/tasks`, { data: { text } });
      const { task } = await at.api.post<{ task: { id: string } }>(`/projects/${project.id}/next`);
      await at.api.post(`/tasks/${task.id}/submissions`, {
        annotation: { regions: [], answers: { label: 'ham' } },
      });
    };
    await settleOne(own, 'first');
    const { key } = await own.addUser('reader', 'consumer');
    const tail = startScript('cli/main.ts', [
      'tail',
      '--after',
      '0',
      '--types',
      'concord.item.finalized.v1',
      '--limit',
      '2',
      '--url',
      own.url,
      '--key',
      key,
    ]);
    await tail.waitFor(/\n/);
    await own.crash();
    const again = await startTestServer({ data: own.data, port: Number(new URL(own.url).port) });
    // Connections that were kept open to the server before are found dead first.
    const reached = () =>
      again.api.raw('GET', '/session').then(
        (r) => r.status,
        () => 0,
      );
    await expect.poll(reached).toBe(200);
    await settleOne(again, 'second');
    expect(await tail.ended).toBe(0);
    const ids = tail
      .stdout()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
    await again.close();
    rmSync(own.data, { recursive: true, force: true });
  });

  test('exit codes: usage 2, unreachable 5, refused 6, not found 7; with --json the problem itself', async () => {
    expect((await concord('nonsense')).code).toBe(2);
    expect((await concord('import', 'file.csv')).code).toBe(2);
    const away = await concord('project', 'list', '--url', 'http://127.0.0.1:9');
    expect([away.code, away.stderr]).toEqual([5, expect.stringContaining('No Concord server answers')]);
    expect((await concord('project', 'list', '--key', 'ck_wrong')).code).toBe(6);
    const missing = await concord('export', '--tasks', '--format', 'json', '--project', 'prj_none', '--json');
    expect(missing.code).toBe(7);
    expect(JSON.parse(missing.stderr)).toMatchObject({ code: 'not_found' });
    expect((await concord('--help')).code).toBe(0);
  });

  test('doctor finds a server that runs, and says what is missing', async () => {
    const { stdout } = await concord(
      'doctor',
      '--json',
      '--data',
      folder,
      '--port',
      new URL(server.url).port,
    );
    const findings = JSON.parse(stdout) as { check: string; fine: boolean; what: string }[];
    const of = (check: string) => findings.find((f) => f.check === check);
    expect(of('node')).toMatchObject({ fine: true });
    expect(of('port')).toMatchObject({ fine: true, what: expect.stringContaining('a server answers') });
    expect(of('data folder')).toMatchObject({ fine: true });
    expect(of('store')).toMatchObject({ fine: true });
    expect(of('bus')).toMatchObject({ fine: true });
  });
});
