import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { enginesHere } from '../engine/index.ts';

const page = '<!doctype html><title>Concord</title>';
const script = 'console.log(1)';

describe.each(enginesHere())('the page on %s', (engine) => {
  let server: TestServer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'concord-page-'));
    mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
    const put = (name: string, bytes: string | Buffer) => writeFileSync(join(folder, name), bytes);
    put('secret.txt', 'not for the web');
    put('dist/index.html', page);
    put('dist/assets/app-3f2a.js', script);
    put('dist/assets/app-3f2a.js.br', brotliCompressSync(script));
    put('dist/assets/app-3f2a.js.gz', gzipSync(script));
    server = await startTestServer({ engine, clientDir: join(folder, 'dist') });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Without the tidying that fetch does to addresses and encodings. */
  function get(path: string, headers: Record<string, string> = {}) {
    return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
      (resolve, reject) => {
        const call = request({ ...portOf(server.url), path, headers }, (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(pieces),
            }),
          );
        });
        call.once('error', reject);
        call.end();
      },
    );
  }
  const portOf = (url: string) => ({ host: new URL(url).hostname, port: new URL(url).port });

  test.each(['/', '/projects/prj_x/overview', '/join/abc'])(
    '%s is the page, asked for anew each time',
    async (path) => {
      const answer = await get(path);
      expect([answer.status, answer.body.toString()]).toEqual([200, page]);
      expect(answer.headers['cache-control']).toBe('no-cache');
      const again = await get(path, { 'if-none-match': String(answer.headers['etag']) });
      expect([again.status, again.body.length]).toEqual([304, 0]);
    },
  );

  test('assets are kept for ever and come as the browser takes them', async () => {
    const path = '/assets/app-3f2a.js';
    const plain = await get(path);
    expect(plain.body.toString()).toBe(script);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers['content-type']).toContain('text/javascript');
    expect(plain.headers['content-encoding']).toBeUndefined();
    const br = await get(path, { 'accept-encoding': 'gzip, br' });
    expect([br.headers['content-encoding'], br.body]).toEqual(['br', brotliCompressSync(script)]);
    const gzip = await get(path, { 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gzip.headers['vary']).toBe('accept-encoding');
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/none.js',
    '/..%5csecret.txt',
  ])('%s is no file', async (path) => {
    const answer = await get(path);
    expect([answer.status, answer.body.toString()]).toEqual([404, 'Not found\n']);
  });

  test('an address that is not well encoded breaks nothing', async () => {
    expect((await get('/%ff')).status).toBe(200);
    expect((await get('/api/v1/projects/%ff', { authorization: `Bearer ${server.adminKey}` })).status).toBe(
      404,
    );
  });
});
