import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import { silentLogger } from '@concord/platform/observability/logger';
import { afterEach, describe, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from '../../testing/engine.ts';
import { createEngine, type Exchange, enginesHere } from './index.ts';

const MB = 1024 * 1024;
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** Bytes that show when a part is missing or doubled. */
const pattern = (length: number) => {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(at, at);
  return bytes;
};
/** On a busy machine everything takes its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000, interval: 5 });
const plain = { 'content-type': 'text/plain' };

describe.each(enginesHere())('a call on %s', (name) => {
  let engine: TestEngine;
  afterEach(() => engine.close());
  const start = async (handle: (exchange: Exchange) => Promise<void> | void, host?: string) => {
    engine = await startTestEngine(name, handle, host);
    return engine;
  };

  test('says method, address, headers and who is connected', async () => {
    await start((e) =>
      e.answer(
        200,
        plain,
        JSON.stringify([
          e.method,
          e.target,
          e.peer,
          e.header('x-forwarded-for'),
          e.header('cookie'),
          e.header('host'),
          e.header('none'),
        ]),
      ),
    );
    const answer = await engine.talk(
      'PATCH /a/%C3%A4//b?x=1&y=%20 HTTP/1.1\r\nHost: h:1\r\nX-Forwarded-For: 1.1.1.1\r\nCookie: a=1\r\nCookie: b=2\r\n' +
        'X-Forwarded-For: 2.2.2.2\r\nConnection: close\r\n\r\n',
    );
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toEqual([
      'PATCH',
      '/a/%C3%A4//b?x=1&y=%20',
      '127.0.0.1',
      '1.1.1.1, 2.2.2.2',
      'a=1; b=2',
      'h:1',
      null,
    ]);
  });

  test('comes over IPv6 too', async () => {
    await start((e) => e.answer(200, plain, e.peer), '::1');
    expect(await (await fetch(engine.url)).text()).toBe('::1');
  });

  test('is answered with a length, but for those that have no body', async () => {
    await start((e) => {
      if (e.target === '/304') e.answer(304, { etag: '"x"' }, null);
      else if (e.target === '/204') e.answer(204, {}, null);
      else if (e.target === '/known') e.answer(200, { 'content-length': '7' }, null);
      else e.answer(201, { ...plain, 'x-own': 'yes' }, 'grün');
    });
    const get = async (path: string, method = 'GET') => {
      const response = await fetch(engine.url + path, { method });
      return [
        response.status,
        response.statusText,
        response.headers.get('content-length'),
        await response.text(),
      ];
    };
    expect(await get('/')).toEqual([201, 'Created', '5', 'grün']);
    expect(await get('/', 'HEAD')).toEqual([201, 'Created', '5', '']);
    expect(await get('/known', 'HEAD')).toEqual([200, 'OK', '7', '']);
    expect(await get('/304')).toEqual([304, 'Not Modified', null, '']);
    expect(await get('/204')).toEqual([204, 'No Content', null, '']);
  });

  test('follows another on the same connection, and whoever asks first may send a body', async () => {
    await start(async (e) => {
      let bytes = 0;
      for await (const piece of e.body) bytes += piece.length;
      e.answer(200, plain, `${e.method} ${bytes}.`);
    });
    const socket = engine.connect(
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n',
    );
    expect(String(await once(socket, 'data'))).toContain('100 Continue');
    socket.write('12345');
    expect(String(await once(socket, 'data'))).toContain('POST 5.');
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    expect(String(await once(socket, 'data'))).toContain('GET 0.');
    socket.write('PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
    socket.write('4\r\ndefg\r\n0\r\n\r\n');
    expect(String(await once(socket, 'data'))).toContain('PUT 7.');
    socket.destroy();
  });

  test('that is cut into many small packets is read as one', async () => {
    await start(async (e) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of e.body) pieces.push(piece);
      e.answer(200, plain, Buffer.concat(pieces).toString('utf8'));
    });
    const body = 'ä'.repeat(20);
    const bytes = Buffer.from(
      `POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    const socket = engine.connect('');
    socket.setNoDelay(true);
    const closed = once(socket, 'close');
    let answer = '';
    socket.on('data', (piece: Buffer) => {
      answer += piece.toString('utf8');
    });
    for (let at = 0; at < bytes.length; at += 7) {
      socket.write(bytes.subarray(at, at + 7));
      await sleep(1);
    }
    await closed;
    expect(answer.split('\r\n\r\n')[1]).toBe(body);
  });

  test('with a body of 100 MB holds its sender back, and all of it arrives', async () => {
    const body = pattern(100 * MB);
    let waitingAt = 0;
    let go = () => {};
    const waits = new Promise<void>((resolve) => {
      go = resolve;
    });
    await start(async (e) => {
      const hash = createHash('sha256');
      for await (const piece of e.body) {
        if (waitingAt === 0) {
          waitingAt = piece.length;
          await waits;
        }
        hash.update(piece);
      }
      e.answer(200, plain, hash.digest('hex'));
    });
    const socket = engine.connect(
      `POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body);
    await sleep(300);
    // What the kernel of both sides holds is not ours; the rest waits at its sender.
    expect(socket.writableLength).toBeGreaterThan(80 * MB);
    go();
    let answer = '';
    socket.on('data', (piece: Buffer) => {
      answer += piece.toString();
    });
    await once(socket, 'close');
    expect(answer).toContain(sha(body));
  });

  test('finds its connection open, however large the body before it was', async () => {
    await start(async (e) => {
      let bytes = 0;
      await sleep(20);
      for await (const piece of e.body) bytes += piece.length;
      e.answer(200, plain, `<${bytes}>`);
    });
    const socket = engine.connect('');
    let answer = '';
    socket.on('data', (piece: Buffer) => {
      answer += piece.toString();
    });
    for (const size of [1, 100, 400, 511, 512, 513, 600, 700, 1000, 1024, 1500, 3000]) {
      answer = '';
      socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${size * 1024}\r\n\r\n`);
      socket.write(Buffer.alloc(size * 1024));
      await eventually(() => answer).toContain(`<${size * 1024}>`);
    }
    socket.destroy();
  });

  test('whose body is refused is answered at once, and the connection lives on', async () => {
    await start(async (e) => {
      if (e.method === 'GET') return e.answer(200, plain, 'next');
      for await (const piece of e.body) if (piece.length > 0) break;
      e.answer(413, plain, 'too much');
    });
    const socket = engine.connect(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${20 * MB}\r\n\r\n`);
    let answer = '';
    socket.on('data', (piece: Buffer) => {
      answer += piece.toString();
    });
    socket.write(Buffer.alloc(20 * MB));
    socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await eventually(() => answer).toMatch(/413.*too much.*200 OK.*next/s);
    socket.destroy();
  });

  test('whose caller goes away in its body fails, and is not taken for whole', async () => {
    let outcome: unknown = null;
    let aborted = false;
    let begun = false;
    await start(async (e) => {
      if (e.method === 'GET') return e.answer(200, plain, 'alive');
      try {
        for await (const _ of e.body) begun = true;
        outcome = 'whole';
      } catch (error) {
        outcome = error;
        aborted = e.signal.aborted;
      }
      // Nobody is there any more; this must not hurt.
      e.answer(500, plain, 'failed');
    });
    const socket = engine.connect('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nsome');
    await eventually(() => begun).toBe(true);
    socket.destroy();
    await eventually(() => outcome).toBeInstanceOf(Error);
    expect(aborted).toBe(true);
    expect(await (await fetch(engine.url)).text()).toBe('alive');
  });

  test('whose caller goes away before the answer is told so, and may answer nobody', async () => {
    let begun = false;
    let done = false;
    await start(async (e) => {
      if (e.target === '/') return e.answer(200, plain, 'alive');
      begun = true;
      if (!e.signal.aborted) await once(e.signal, 'abort');
      e.answer(200, plain, 'nobody');
      done = true;
    });
    const socket = engine.connect('GET /wait HTTP/1.1\r\nHost: h\r\n\r\n');
    await eventually(() => begun).toBe(true);
    socket.destroy();
    await eventually(() => done).toBe(true);
    expect(await (await fetch(engine.url)).text()).toBe('alive');
  });

  test.each(['known', 'unknown'])('with an answer of %s length waits for a slow reader', async (length) => {
    const body = pattern(64 * MB);
    let sent = 0;
    await start(async (e) => {
      const headers = length === 'known' ? { 'content-length': String(body.length) } : {};
      const outflow = e.stream(200, { ...plain, ...headers });
      for (; sent < body.length; sent += MB) await outflow.write(body.subarray(sent, sent + MB));
      outflow.end();
    });
    const response = await new Promise<import('node:http').IncomingMessage>((resolve) => {
      request(engine.url, resolve).end();
    });
    await sleep(300);
    expect(sent).toBeLessThan(32 * MB);
    expect(response.headers['content-length']).toBe(length === 'known' ? String(body.length) : undefined);
    const hash = createHash('sha256');
    let taken = 0;
    for await (const piece of response as AsyncIterable<Buffer>) {
      hash.update(piece);
      taken += piece.length;
      if (taken % 7 === 0) await sleep(1);
    }
    expect([taken, hash.digest('hex')]).toEqual([body.length, sha(body)]);
  });

  test('with a large answer in one piece arrives whole', async () => {
    const text = 'grün '.repeat(500_000);
    await start((e) => e.answer(200, plain, text));
    const response = await fetch(engine.url);
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(await response.text()).toBe(text);
  });

  test('with events sends each at once, also when the one before was held up', async () => {
    let next: (text: string) => Promise<boolean> = async () => false;
    await start((e) => {
      const outflow = e.stream(200, { 'content-type': 'text/event-stream' });
      next = (text) => outflow.write(text);
      void next('first\n');
    });
    const socket = engine.connect('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await once(socket, 'readable');
    const large = next(`${'x'.repeat(12 * MB)}END\n`);
    await sleep(100);
    let got = '';
    socket.on('data', (piece: Buffer) => {
      got = (got + piece.toString('latin1')).slice(-100);
    });
    await large;
    await eventually(() => got).toContain('END\n');
    await next('last\n');
    await eventually(() => got).toContain('last\n');
    socket.destroy();
  });

  test('whose caller leaves in the answer ends its source', async () => {
    let ended = false;
    await start(async (e) => {
      const outflow = e.stream(200, plain);
      while (await outflow.write(Buffer.alloc(256 * 1024)));
      // After the end nothing may throw.
      expect(await outflow.write('more')).toBe(false);
      expect(e.signal.aborted).toBe(true);
      outflow.end();
      outflow.cut();
      ended = true;
    });
    const socket = engine.connect('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await once(socket, 'readable');
    await sleep(50);
    socket.destroy();
    await eventually(() => ended).toBe(true);
  });

  test('whose answer fails halfway is cut, never ended', async () => {
    await start(async (e) => {
      const announced: Record<string, string> = e.target === '/short' ? { 'content-length': '100' } : {};
      const outflow = e.stream(200, { ...plain, ...announced });
      await outflow.write('half');
      if (e.target === '/short') outflow.end();
      else outflow.cut();
    });
    for (const path of ['/cut', '/short']) {
      const text = fetch(engine.url + path).then((response) => response.text());
      await expect(text).rejects.toThrow();
    }
  });

  test('that is no HTTP breaks nothing for others', async () => {
    let running: Exchange | null = null;
    await start((e) => {
      if (e.target === '/slow') running = e;
      else e.answer(200, plain, 'alive');
    });
    const slow = fetch(`${engine.url}/slow`);
    await eventually(() => running).not.toBeNull();
    for (const bytes of [
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\nHost: h\r\n\r\n',
      'GET / HTTP/1.1\r\nno colon here\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\nhello',
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n',
      `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
      `GET /${'y'.repeat(100_000)} HTTP/1.1\r\nHost: h\r\n\r\n`,
      'OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n',
      'CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n',
    ]) {
      const socket = engine.connect(bytes);
      socket.on('data', () => {});
      await sleep(10);
      socket.destroy();
    }
    expect(await (await fetch(engine.url)).text()).toBe('alive');
    running!.answer(200, plain, 'at last');
    expect(await (await slow).text()).toBe('at last');
  });

  test('sent before the last was answered is answered in turn, or ends the connection: never mixed up', async () => {
    await start(async (e) => {
      await sleep(20);
      e.answer(200, plain, `<${e.target}>`);
    });
    const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
    const answer = await engine.talk(ask('/1') + ask('/2'), (text) => text.includes('</2>'));
    const bodies = [...answer.matchAll(/<.*?>/g)].map(([body]) => body);
    expect(bodies).toEqual(name === 'ws' ? ['</1>', '</2>'] : []);
    expect(await (await fetch(`${engine.url}/3`)).text()).toBe('</3>');
  });
});

describe.each(enginesHere())('%s', (name) => {
  const parts = { clock: systemClock, logger: silentLogger };
  const none = async () => {};

  test('says why it cannot listen as the system says it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const listen = (host: string, on: number) => createEngine(name, parts).listen(host, on, none);
    await expect(listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(listen('203.0.113.7', 0)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    const first = createEngine(name, parts);
    const taken = await first.listen('127.0.0.1', 0, none);
    await expect(listen('127.0.0.1', taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close(0);
    other.close();
  });

  test('lets calls that run finish, cuts what never ends, and gives the port back', async () => {
    let slowBegun = false;
    const engine = await startTestEngine(name, async (e) => {
      slowBegun ||= e.target === '/slow';
      if (e.target === '/events') return void e.stream(200, plain).write('first');
      if (e.target === '/slow') await sleep(150);
      e.answer(200, plain, 'done');
    });
    const idle = engine.connect('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    await once(idle, 'data');
    const stream = await fetch(`${engine.url}/events`);
    const slow = fetch(`${engine.url}/slow`).then((response) => response.text());
    await eventually(() => slowBegun).toBe(true);
    const from = performance.now();
    const closed = engine.close(2_000);
    const events = stream.text().then(
      () => 'ended',
      () => 'cut',
    );
    expect(await slow).toBe('done');
    await closed;
    expect(performance.now() - from).toBeGreaterThan(1_900);
    expect(await events).toBe('cut');
    if (!idle.destroyed) await once(idle, 'close');
    await expect(fetch(engine.url)).rejects.toThrow();
    const again = createEngine(name, parts);
    await again.listen('127.0.0.1', engine.port, none);
    await again.close(0);
  });

  test('closes at once when nothing runs', async () => {
    const engine = await startTestEngine(name, (e) => e.answer(200, plain, 'x'));
    await (await fetch(engine.url)).text();
    const from = performance.now();
    await engine.close(30_000);
    expect(performance.now() - from).toBeLessThan(10_000);
  });
});

test('ten seconds in which nothing moves cut nobody off: not a reader, not a sender, not a stream', async () => {
  const stillMs = 12_500;
  await Promise.all(
    enginesHere().map(async (name) => {
      const engine = await startTestEngine(name, async (e) => {
        if (e.method === 'POST') {
          let bytes = 0;
          for await (const piece of e.body) bytes += piece.length;
          return e.answer(200, plain, `<${bytes}>`);
        }
        const outflow = e.stream(200, plain);
        await outflow.write(e.target === '/large' ? Buffer.alloc(24 * MB, 'x') : 'first');
        if (e.target === '/still') await sleep(stillMs);
        await outflow.write('<last>');
        outflow.end();
      });
      const end = (socket: ReturnType<TestEngine['connect']>) =>
        new Promise<string>((resolve) => {
          let tail = '';
          socket.on('data', (piece: Buffer) => {
            tail = (tail + piece.toString('latin1')).slice(-60);
            if (/<(?:last|11)>/.test(tail)) socket.destroy();
          });
          socket.once('close', () => resolve(tail));
        });
      const reader = engine.connect('GET /large HTTP/1.1\r\nHost: h\r\n\r\n');
      const sender = engine.connect('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello ');
      const still = engine.connect('GET /still HTTP/1.1\r\nHost: h\r\n\r\n');
      const stillTail = end(still);
      await sleep(stillMs);
      sender.write('world');
      expect(await end(sender)).toContain('<11>');
      expect(await stillTail).toContain('<last>');
      expect(await end(reader)).toContain('<last>');
      await engine.close();
    }),
  );
});

test.each(enginesHere())('%s is closed once, however often it is told to', async (name) => {
  const engine = createEngine(name, { clock: systemClock, logger: silentLogger });
  await engine.listen('127.0.0.1', 0, async (e) => e.answer(200, plain, 'x'));
  await Promise.all([engine.close(0), engine.close(0)]);
  await engine.close(0);
});
