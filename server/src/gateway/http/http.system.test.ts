import { request } from 'node:http';
import type { Problem } from '@concord/core/errors/concord-error';
import type { Project } from '@concord/core/records/project';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { enginesHere } from '../engine/index.ts';

const project = (name: string) => ({
  name,
  schema: {
    modality: 'text-classification',
    classes: [
      { name: 'spam', color: '#d97706' },
      { name: 'ham', color: '#2563eb' },
    ],
  },
});

describe.each(enginesHere())('the HTTP surface on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ engine });
  });
  afterAll(() => server.close());
  const problemOf = async (response: Response) => (await response.json()) as Problem;

  test('bad input names field, value and remedy as a problem', async () => {
    const response = await server.api.raw('POST', '/projects', {
      body: { ...project('x'), retrainEvery: -1, visibility: 'secret', surprise: 1 },
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = await problemOf(response);
    expect(problem).toMatchObject({
      code: 'input.invalid',
      retry: false,
      type: 'urn:concord:error:input.invalid',
    });
    const byPath = new Map(problem.errors.map((e) => [e.path, e]));
    expect(byPath.get('visibility')).toMatchObject({
      value: 'secret',
      remedy: expect.stringContaining('blind-then-open'),
    });
    expect(byPath.get('retrainEvery')).toMatchObject({ value: -1 });
    expect(problem.errors.some((e) => e.remedy?.includes('surprise'))).toBe(true);
  });

  test.each([
    ['not JSON at all', '{"name":', 'application/json', 400, 'input.invalid'],
    ['a form', 'name=x', 'application/x-www-form-urlencoded', 400, 'input.invalid'],
    ['nothing', '', 'application/json', 400, 'input.invalid'],
    ['more than 5 MB', `"${'x'.repeat(5 * 1024 * 1024 + 10)}"`, 'application/json', 413, 'input.too_large'],
  ])('a body that is %s', async (_name, bytes, type, status, code) => {
    const response = await server.api.raw('POST', '/projects', { bytes, headers: { 'content-type': type } });
    expect([response.status, (await problemOf(response)).code]).toEqual([status, code]);
    // The server goes on answering.
    expect((await server.api.raw('GET', '/session')).status).toBe(200);
  });

  test('more than 5 MB without an announced length is cut off too', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const call = request(
        `${server.url}/api/v1/projects`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
        },
        (response) => {
          resolve(response.statusCode ?? 0);
          response.resume();
        },
      );
      call.on('error', reject);
      const piece = Buffer.alloc(256 * 1024, 0x20);
      for (let i = 0; i < 24; i++) call.write(piece);
      call.end();
    });
    expect(status).toBe(413);
  });

  test('a query that does not fit names the parameter', async () => {
    const response = await server.api.raw('GET', '/projects?limit=0');
    expect((await problemOf(response)).errors[0]).toMatchObject({ path: 'limit' });
  });

  test('unknown addresses below the API are problems, not pages', async () => {
    const response = await server.api.raw('GET', '/nowhere');
    expect([response.status, (await problemOf(response)).code]).toEqual([404, 'not_found']);
  });

  test('ETag and If-Match: of two who change the same revision one is told', async () => {
    const made = await server.api.post<Project>('/projects', project('Tagged'));
    const read = await server.api.raw('GET', `/projects/${made.id}`);
    const etag = read.headers.get('etag') ?? '';
    expect(etag).toBe('"1"');
    const change = (name: string) =>
      server.api.raw('PATCH', `/projects/${made.id}`, { body: { name }, headers: { 'if-match': etag } });
    const first = await change('One');
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    const second = await change('Two');
    expect([second.status, (await problemOf(second)).code]).toEqual([412, 'precondition']);
    const summary = await server.api.get<{ project: Project }>(`/projects/${made.id}`);
    expect(summary.project.name).toBe('One');
  });

  test('Idempotency-Key: a repeated creation is the first one', async () => {
    const create = (name: string, key: string) =>
      server.api.raw('POST', '/projects', { body: project(name), headers: { 'idempotency-key': key } });
    const first = await create('Once', 'key-1');
    const again = await create('Once', 'key-1');
    const firstBody = (await first.json()) as Project;
    expect((await again.json()) as Project).toEqual(firstBody);
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(again.headers.get('etag')).toBe('"1"');
    expect(((await (await create('Once', 'key-2')).json()) as Project).id).not.toBe(firstBody.id);
    expect((await create('Other', 'key-1')).status).toBe(400);
  });

  test('HEAD answers like GET without a body', async () => {
    const response = await server.api.raw('HEAD', '/projects');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('every answer carries the security headers and a request id of its own', async () => {
    const [one, two] = [await server.api.raw('GET', '/session'), await server.api.raw('GET', '/session')];
    expect(one.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(one.headers.get('content-security-policy')).not.toContain('unsafe-eval');
    expect(one.headers.get('x-content-type-options')).toBe('nosniff');
    expect(one.headers.get('x-request-id')).not.toBe(two.headers.get('x-request-id'));
  });

  test('health, readiness, metrics, description and its page', async () => {
    const get = async (path: string) => fetch(server.url + path);
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toMatchObject({
      status: 'ready',
      problems: [],
      adapters: ['store', 'bus', 'blobs', 'fanout'].map((adapter) => ({ adapter, state: 'ok', error: null })),
    });
    expect(await (await get('/metrics')).text()).toMatch(
      /concord_http_request_duration_seconds_count\{route="projects.create",status="200"\} \d/,
    );
    expect(await (await get('/metrics')).text()).toContain(`concord_engine_info{engine="${engine}"} 1`);
    const forwarded = await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(forwarded.status).toBe(401);
    const description = (await (await get('/api/v1/openapi.json')).json()) as { openapi: string };
    expect(description.openapi).toBe('3.1.0');
    const page = await (await get('/api/v1/docs')).text();
    expect(page).toContain('/projects/:project/agreement');
    expect(page).not.toMatch(/<script>|onclick/);
    expect((await get('/api/v1/docs.js')).headers.get('content-type')).toContain('javascript');
  });

  test('archived projects are gone for annotators and listed for leads who ask', async () => {
    const { key } = await server.addUser('ann-archive', 'annotator');
    const made = await server.api.post<Project>('/projects', project('Old'));
    await server.api.patch(`/projects/${made.id}`, { archived: true });
    const names = async (as: typeof server.api, archived: boolean) =>
      (await as.get<{ items: { project: Project }[] }>(`/projects?limit=500&archived=${archived}`)).items.map(
        (s) => s.project.name,
      );
    expect(await names(server.as(key), true)).not.toContain('Old');
    expect(await names(server.api, false)).not.toContain('Old');
    expect(await names(server.api, true)).toContain('Old');
    expect((await server.as(key).raw('GET', `/projects/${made.id}`)).status).toBe(404);
    expect((await server.api.raw('GET', `/projects/${made.id}`)).status).toBe(200);
  });
});
