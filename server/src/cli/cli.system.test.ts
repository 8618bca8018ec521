import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEvent } from '@concord/core/events/event';
import type { ImportJob } from '@concord/core/records/import';
import type { Project } from '@concord/core/records/project';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bring } from '../testing/imports.ts';
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

  test('user reset: a link for a new password, over HTTP with a key, from the data folder without', async () => {
    await server.addUser('cli-forgot', 'annotator');
    const overHttp = await json<{ url: string; path: string }>('user', 'reset', 'CLI-forgot');
    expect(overHttp.url).toBe(`${server.url}${overHttp.path}`);
    const script = startScript('cli/main.ts', [
      'user',
      'reset',
      'cli-forgot',
      '--json',
      '--data',
      server.data,
    ]);
    expect(await script.ended).toBe(0);
    const inFolder = JSON.parse(script.stdout()) as { path: string };
    const links = [overHttp, inFolder].map(({ path }) => `/resets/${path.split('/').at(-1)}`);
    // The newer link takes the older one's place.
    expect((await server.as(null).raw('GET', links[0] ?? '')).status).toBe(404);
    expect(await server.as(null).get(links[1] ?? '')).toMatchObject({ name: 'cli-forgot', valid: true });
    const unknown = await concord('user', 'reset', 'cli-nobody');
    expect([unknown.code, unknown.stderr]).toEqual([7, expect.stringContaining('cli-nobody')]);
  });

  test('invite add, list, revoke', async () => {
    const made = await json<{ path: string }>('invite', 'add', '--role', 'lead', '--label', 'By hand');
    const list = await json<{ id: string; label: string }[]>('invite', 'list');
    const listed = list.find((i) => i.label === 'By hand');
    await json('invite', 'revoke', listed?.id ?? '');
    const token = made.path.split('/').at(-1);
    expect((await server.as(null).raw('GET', `/invites/${token}`)).status).toBe(404);
  });

  test('bus dead-letters: what a consumer set aside, and again', async () => {
    const { bus } = server.platform;
    const data = { projectId: 'prj_a', taskId: 'tsk_a', revision: 1, reason: '', at: 1 } as const;
    await bus.publish([makeEvent('concord.item.reopened.v1', 'unfit', data, 1)]);
    let fits = false;
    let taken = 0;
    const consumer = await bus.consume({ name: 'picky', batch: 1, maxWaitMs: 5 }, async (batch, aside) => {
      for (const one of batch.filter(({ event }) => event.id === 'unfit')) {
        if (fits) taken += 1;
        else aside(one, 'does not fit');
      }
    });
    await expect.poll(async () => (await bus.deadLetters('picky')).length).toBe(1);
    expect((await concord('bus', 'dead-letters')).stdout).toMatch(/picky +\d+ +unfit +does not fit/);
    fits = true;
    expect(await json('bus', 'dead-letters', '--replay')).toEqual({ replayed: 1 });
    await expect.poll(() => taken).toBe(1);
    expect(await bus.deadLetters('picky')).toEqual([]);
    await consumer.stop();
  });

  test('user add makes no data folder where nobody named one', async () => {
    const add = async (...args: string[]) => {
      const script = startScript('cli/main.ts', ['user', 'add', 'robot', '--json', ...args], {}, folder);
      return { code: await script.ended, stderr: script.stderr() };
    };
    expect(await add()).toEqual({
      code: 2,
      stderr: expect.stringContaining('--data FOLDER or CONCORD_DATA'),
    });
    expect(existsSync(join(folder, 'data'))).toBe(false);
    expect(await add('--data', 'named')).toEqual({ code: 0, stderr: '' });
  });

  test('import says in its exit code that nothing came in, and which file is not there', async () => {
    const { id } = await server.createProject({ name: 'Codes' });
    const file = join(folder, 'latin.csv');
    writeFileSync(file, 'text\nsch\u00f6n\n', 'latin1');
    const refused = await concord('import', file, '--project', id);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain('0 added, 0 there already, 0 with labels, 1 refused');
    expect(refused.stderr).toMatch(/ {2}row 2: is not UTF-8 text\. Choose the encoding/);
    expect((await concord('import', file, '--project', id, '--encoding', 'windows-1252')).code).toBe(0);
    writeFileSync(file, 'text\nsch\u00f6n\ngut\n', 'latin1');
    expect((await concord('import', file, '--project', id)).code).toBe(0);
    const missing = await concord('import', join(folder, 'missing.csv'), '--project', id);
    expect([missing.code, missing.stderr]).toEqual([2, `${join(folder, 'missing.csv')} is not there.\n`]);
    expect(await concord('import', folder, '--project', id)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a folder'),
    });
  });

  test('ends without a word when whoever reads it has enough', async () => {
    const { id } = await server.createProject({ name: 'Long' });
    const rows = Array.from({ length: 4000 }, (_, i) => `"row ${i} ${'of many words '.repeat(20)}"`);
    await bring(server, id, 'a.csv', `text\n${rows.join('\n')}\n`);
    const script = start('export', '--tasks', '--format', 'jsonl', '--project', id);
    await script.waitFor(/\n/);
    script.child.stdout?.destroy();
    expect([await script.ended, script.stderr()]).toEqual([0, '']);
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

  test('replay: the room as it was at any entry, for people and for programs', async () => {
    const project = await server.createProject();
    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text: 'Replayed' },
    });
    const ann = await server.addUser('replayed-ann', 'annotator');
    for (const label of ['spam', 'ham'])
      await server.as(ann.key).post(`/tasks/${task.id}/submissions`, {
        annotation: { regions: [], answers: { label } },
      });
    type Replay = {
      seq: number;
      length: number;
      entries: { seq: number }[];
      state: { layers: Record<string, { answers: Record<string, { value: string }> }> };
    };
    const label = (replay: Replay) => replay.state.layers[ann.user.id]?.answers['label']?.value;
    const now = await json<Replay>('replay', task.id);
    expect([now.seq, now.length, now.entries.length, label(now)]).toEqual([4, 4, 4, 'ham']);
    const then = await json<Replay>('replay', task.id, '--at', '2');
    // Who has read an open task's history was shown others' work: that is an entry of it [RM17].
    expect([then.seq, then.length, then.entries.length, label(then)]).toEqual([2, 5, 2, 'spam']);

    const words = await concord('replay', task.id, '--at', '2', '--last', '1');
    expect(words.stdout).toMatch(/^Entry 2 of 5\n/);
    expect(words.stdout).toMatch(/2 +\S+Z +replayed-ann +replayed-ann +submitted, blind/);
    expect(words.stdout).toMatch(/replayed-ann +submitted, blind +label=spam/);
    const wrong = await concord('replay', task.id, '--at', '9');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('no entry 9')]);
    expect((await concord('replay', task.id, '--key', ann.key)).code).toBe(6);
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
