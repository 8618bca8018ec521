import { createHash } from 'node:crypto';
import { connect as openTcp } from 'node:net';
import type { ImportJob } from '@concord/core/records/import';
import sharp from 'sharp';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { enginesHere } from './engine/index.ts';

/** On a busy machine everything takes its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000, interval: 5 });
const password = 'a long enough one';

describe.each(enginesHere())('the whole server on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ engine });
  });
  afterAll(() => server.close());

  function socketOf(options: { token?: string; headers?: Record<string, string> }): Socket {
    return io(`${server.url}/rooms`, {
      transports: ['websocket'],
      auth: { token: options.token, protocol: 1 },
      ...(options.headers ? { extraHeaders: options.headers } : {}),
      forceNew: true,
      reconnection: false,
    });
  }
  const outcome = (socket: Socket) =>
    new Promise<string>((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', (error: Error & { data?: { code: string } }) =>
        resolve(error.data?.code ?? error.message),
      );
    }).finally(() => socket.disconnect());

  test('a cookie opens sockets for our own pages only', async () => {
    const { token } = await server.api.post<{ token: string }>('/invites', { role: 'annotator' });
    const joined = await server.as(null).raw('POST', `/invites/${token}`, {
      body: { name: 'cookie', display: 'Cookie', password },
    });
    const cookie = (joined.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const from = (origin: string) => outcome(socketOf({ headers: { cookie, origin } }));
    expect(await from(server.url)).toBe('connected');
    expect(await from('https://evil.example')).toBe('auth.forbidden');
    expect(await outcome(socketOf({ headers: { cookie } }))).toBe('connected');
    expect(await outcome(socketOf({ headers: { cookie: 'concord_session=wrong' } }))).toBe('auth.wrong');
  });

  test('a key in the header of the handshake is taken too', async () => {
    const headers = { authorization: `Bearer ${server.adminKey}` };
    expect(await outcome(socketOf({ headers }))).toBe('connected');
  });

  test('a message of 7 MB is answered; one of more than 8 MB ends its connection and no other', async () => {
    const [large, other] = [socketOf({ token: server.adminKey }), socketOf({ token: server.adminKey })];
    const ask = (socket: Socket, bytes: number) => socket.emitWithAck('room:ops', 'x'.repeat(bytes));
    expect(await ask(large, 7 * 1024 * 1024)).toMatchObject({ ok: false });
    const reason = new Promise<string>((resolve) => {
      large.once('disconnect', resolve);
    });
    large.emit('room:ops', 'x'.repeat(8 * 1024 * 1024 + 1));
    expect(await reason).toMatch(/^transport/);
    expect(await ask(other, 10)).toMatchObject({ ok: false, problem: { code: 'input.invalid' } });
    other.disconnect();
  });

  test('whose key is taken back is put out of the sockets', async () => {
    const { user, key } = await server.addUser('leaver', 'annotator');
    const socket = socketOf({ token: key });
    await new Promise<void>((resolve) => {
      socket.once('connect', () => resolve());
    });
    const reason = new Promise<string>((resolve) => {
      socket.once('disconnect', resolve);
    });
    await server.api.patch(`/users/${user.id}`, { active: false });
    expect(await reason).toBe('io server disconnect');
  });

  test('an event stream ends on the server when its reader leaves', async () => {
    const { bus } = server.platform;
    let watching = 0;
    const watch = bus.watch.bind(bus);
    const spy = vi.spyOn(bus, 'watch').mockImplementation((run) => {
      watching += 1;
      const stop = watch(run);
      return () => {
        watching -= 1;
        stop();
      };
    });
    const leave = new AbortController();
    const streams = await Promise.all(
      [1, 2, 3].map(() => server.api.raw('GET', '/events?after=0', { signal: leave.signal })),
    );
    expect(streams.map((stream) => stream.status)).toEqual([200, 200, 200]);
    await eventually(() => watching).toBe(3);
    leave.abort();
    await eventually(() => watching).toBe(0);
    spy.mockRestore();
  });

  test('an import whose sender goes away is not taken for whole, and what came can be sent again', async () => {
    const project = await server.createProject({ name: 'Half' });
    const lines = Array.from({ length: 5000 }, (_, i) => JSON.stringify({ text: `letter ${i}` })).join('\n');
    const { hostname, port } = new URL(server.url);
    const socket = openTcp(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(
      `POST /api/v1/projects/${project.id}/imports?name=half.jsonl HTTP/1.1\r\nHost: h\r\n` +
        `Authorization: Bearer ${server.adminKey}\r\nContent-Length: ${lines.length}\r\n\r\n`,
    );
    socket.write(lines.slice(0, lines.length / 2));
    const jobs = async () =>
      (await server.api.get<{ items: ImportJob[] }>(`/projects/${project.id}/imports`)).items;
    await eventually(async () => (await jobs())[0]?.status).toBe('running');
    socket.destroy();
    await eventually(async () => (await jobs())[0]?.status).toBe('failed');
    const again = await server.api.upload<ImportJob>(
      `/projects/${project.id}/imports?name=half.jsonl`,
      lines,
    );
    expect(again).toMatchObject({ status: 'done', rows: 5000, errorCount: 0 });
    expect(again.added + again.duplicates).toBe(5000);
  });

  test('a file comes whole, in ranges and as its head', async () => {
    const project = await server.createProject({
      name: 'Pictures',
      schema: { version: 1, modality: 'image-boxes', classes: [{ name: 'cat', color: '#d97706' }] },
    });
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const image = sharp({ create: { width: 600, height: 400, channels: 3, background: '#fff', noise } });
    const bytes = new Uint8Array(await image.png().toBuffer());
    await server.api.upload(`/projects/${project.id}/imports?name=photograph.png`, bytes);
    const { items } = await server.api.get<{ items: { assetId: string }[] }>(`/projects/${project.id}/tasks`);
    const path = `/assets/${items[0]?.assetId}/content`;
    const get = (method: string, headers: Record<string, string> = {}) =>
      server.api.raw(method, path, { headers });
    const sha = (of: Uint8Array) => createHash('sha256').update(of).digest('hex');

    const whole = await get('GET');
    expect([whole.status, whole.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
    expect(sha(new Uint8Array(await whole.arrayBuffer()))).toBe(sha(bytes));

    const part = await get('GET', { range: 'bytes=1000-70999' });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 1000-70999/${bytes.length}`,
    ]);
    expect(sha(new Uint8Array(await part.arrayBuffer()))).toBe(sha(bytes.subarray(1000, 71_000)));
    expect((await get('GET', { range: `bytes=${bytes.length}-` })).status).toBe(416);

    const head = await get('HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(bytes.length),
      '',
    ]);
  });
});
