import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '@concord/core/errors/concord-error';
import { makeEvent } from '@concord/core/events/event';
import type { DeadLetterItem } from '@concord/core/protocol/resources';
import type { ImportJob } from '@concord/core/records/import';
import sharp from 'sharp';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readServerSentEvents } from '../cli/server-sent-events.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

type Reply = { ok: boolean; problem?: Problem; refused?: { problem: Problem }[]; acked?: unknown[] };

describe('what people who mean no good send', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const nested = (n: number): unknown => JSON.parse(`${'['.repeat(n)}${']'.repeat(n)}`);
  const socketOf = (namespace: string, token: string) => {
    const socket = io(server.url + namespace, {
      transports: ['websocket'],
      auth: { token, protocol: 2 },
      forceNew: true,
    });
    return {
      socket,
      ask: (event: string, body: object): Promise<Reply> => socket.timeout(10_000).emitWithAck(event, body),
    };
  };

  test('values nested too deep are refused by name, over HTTP, sockets and imports', async () => {
    const project = await server.createProject({
      schema: { version: 1, modality: 'text-spans', classes: [{ name: 'name', color: '#d97706' }] },
    });
    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text: 'Ada met Bob' },
    });
    const ann = await server.addUser('deep', 'annotator');
    const region = (depth: number) => ({
      id: 'r1',
      kind: 'span',
      label: 'name',
      shape: { start: 0, end: 3 },
      attrs: { d: nested(depth) },
    });
    for (const depth of [33, 1540, 100_000]) {
      const submitted = await server.as(ann.key).raw('POST', `/tasks/${task.id}/submissions`, {
        bytes: JSON.stringify({ annotation: { regions: [region(1)], answers: {} } }).replace(
          '"d":[]',
          `"d":${'['.repeat(depth)}${']'.repeat(depth)}`,
        ),
        headers: { 'content-type': 'application/json' },
      });
      expect(submitted.status).toBe(400);
      expect(((await submitted.json()) as Problem).errors[0]).toMatchObject({
        path: 'annotation.regions.0.attrs.d',
        message: 'is nested more than 32 levels deep',
      });
    }
    const room = socketOf('/rooms', ann.key);
    await room.ask('room:join', { task: task.id, mode: 'annotate', client: 'client-deep' });
    const ops = await room.ask('room:ops', {
      task: task.id,
      client: 'client-deep',
      ops: [{ n: 1, layer: ann.user.id, op: { t: 'create', region: region(1540) } }],
    });
    expect(ops.ok ? ops.refused?.[0]?.problem.errors[0] : ops.problem?.errors[0]).toMatchObject({
      message: 'is nested more than 32 levels deep',
    });
    room.socket.close();

    const created = await server.api.raw('POST', `/projects/${project.id}/tasks`, {
      body: { data: { text: 'x' }, meta: { d: nested(1540) } },
    });
    expect(created.status).toBe(400);
    const rows = `{"text":"one","d":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n{"text":"two"}\n`;
    const imported = await server.api.raw('POST', `/projects/${project.id}/imports?name=a.jsonl&wait=true`, {
      bytes: rows,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect((await imported.json()) as ImportJob).toMatchObject({
      status: 'done',
      added: 1,
      errors: [{ row: 1, path: '(row)', message: 'is nested more than 32 levels deep' }],
    });
  });

  test('asking for the heads of files opens none', async () => {
    const project = await server.createProject({
      schema: { version: 1, modality: 'image-boxes', classes: [{ name: 'text', color: '#d97706' }] },
    });
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    await server.api.upload(`/projects/${project.id}/imports?name=a.png&wait=true`, new Uint8Array(picture));
    const { asset } = await server.api.post<{ asset: { id: string } }>(`/projects/${project.id}/next`);
    const head = () => server.api.raw('HEAD', `/assets/${asset.id}/content`);
    expect((await head()).headers.get('content-length')).toBe(String(picture.length));
    const before = readdirSync('/dev/fd').length;
    for (let i = 0; i < 120; i++) expect((await head()).status).toBe(200);
    expect(readdirSync('/dev/fd').length).toBeLessThan(before + 20);
    const whole = await server.api.raw('GET', `/assets/${asset.id}/content`);
    expect((await whole.arrayBuffer()).byteLength).toBe(picture.length);
  });

  test.each(['constructor', 'toString', 'valueOf:x', '__proto__', 'nothing'])(
    'there is no topic %s',
    async (topic) => {
      const live = socketOf('/live', server.adminKey);
      expect(await live.ask('live:subscribe', { topics: [topic] })).toMatchObject({
        ok: false,
        problem: { code: 'input.invalid', status: 400 },
      });
      live.socket.close();
    },
  );

  /** The facts that a key's stream brings, and whether it still runs. */
  async function follow(key: string) {
    const stop = new AbortController();
    const response = await server.as(key).raw('GET', '/events?after=0', { signal: stop.signal });
    const heard: string[] = [];
    const state = { ended: false };
    const reading = (async () => {
      if (response.body !== null)
        for await (const message of readServerSentEvents(response.body))
          heard.push((JSON.parse(message.data) as { id: string }).id);
      state.ended = true;
    })();
    return { heard, state, stop: () => stop.abort(), reading: reading.catch(() => {}) };
  }
  const publish = (id: string) =>
    server.platform.bus.publish([
      makeEvent(
        'concord.item.reopened.v1',
        id,
        { projectId: 'prj_a', taskId: 'tsk_a', revision: 1, reason: '', at: 1 },
        1,
      ),
    ]);

  test('a stream of facts ends with the account, the role and the key it was opened with', async () => {
    const people = {
      disabled: await server.addUser('reader-disabled', 'consumer'),
      demoted: await server.addUser('reader-demoted', 'lead'),
      revoked: await server.addUser('reader-revoked', 'consumer'),
      stays: await server.addUser('reader-stays', 'consumer'),
    };
    const streams = {
      disabled: await follow(people.disabled.key),
      demoted: await follow(people.demoted.key),
      revoked: await follow(people.revoked.key),
      stays: await follow(people.stays.key),
    };
    await publish('first');
    for (const { heard } of Object.values(streams)) await expect.poll(() => heard).toContain('first');
    await server.api.patch(`/users/${people.disabled.user.id}`, { active: false });
    await server.api.patch(`/users/${people.demoted.user.id}`, { role: 'annotator' });
    const { items } = await server.as(people.revoked.key).get<{ items: { id: string }[] }>('/keys');
    await server.as(people.revoked.key).delete(`/keys/${items[0]?.id}`);
    for (const name of ['disabled', 'demoted', 'revoked'] as const)
      await expect.poll(() => streams[name].state.ended, { timeout: 5000 }).toBe(true);
    await publish('second');
    await expect.poll(() => streams.stays.heard).toContain('second');
    await sleep(200);
    for (const name of ['disabled', 'demoted', 'revoked'] as const)
      expect(streams[name].heard).not.toContain('second');
    streams.stays.stop();
    await streams.stays.reading;
  });

  test('dead letters are for admins: seen with their reason, delivered again', async () => {
    const { bus } = server.platform;
    await publish('unfit');
    let fits = false;
    const taken: string[] = [];
    const consumer = await bus.consume({ name: 'test', batch: 10, maxWaitMs: 5 }, async (batch, setAside) => {
      for (const one of batch) {
        if (one.event.id !== 'unfit') continue;
        if (fits) taken.push(one.event.id);
        else setAside(one, 'does not fit');
      }
    });
    const list = async () =>
      (await server.api.get<{ items: DeadLetterItem[] }>('/events/dead-letters?consumer=test')).items;
    await expect.poll(async () => (await list()).length).toBe(1);
    expect((await list())[0]).toMatchObject({
      consumer: 'test',
      id: 'unfit',
      type: 'concord.item.reopened.v1',
      projectId: 'prj_a',
      reason: 'does not fit',
    });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toMatch(/\nconcord_dead_letters 1\n/);
    const { key } = await server.addUser('lead-letters', 'lead');
    expect((await server.as(key).raw('GET', '/events/dead-letters')).status).toBe(403);
    fits = true;
    expect(await server.api.post('/events/dead-letters/replay', { consumer: 'nobody' })).toEqual({
      replayed: 0,
    });
    expect(await server.api.post('/events/dead-letters/replay')).toEqual({ replayed: 1 });
    await expect.poll(() => taken).toEqual(['unfit']);
    expect(await list()).toEqual([]);
    await consumer.stop();
  });
});
