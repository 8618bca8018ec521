import { type Route, type RouteName, routes } from '@concord/core/protocol/routes';
import { type Role, role as roleSchema } from '@concord/core/records/user';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { enginesHere } from '../engine/index.ts';

const roles = roleSchema.options;
const table = Object.entries(routes) as [RouteName, Route][];

/** What the table says of one caller; the server must say the same, before it looks at anything else. */
function expected(access: Route['access'], caller: Role | null): 401 | 403 | 'let in' {
  if (access === 'public') return 'let in';
  if (caller === null) return 401;
  if (access === 'signed-in' || caller === 'admin') return 'let in';
  return access.includes(caller) ? 'let in' : 403;
}

describe.each(enginesHere())('every route for every role on %s', (engine) => {
  let server: TestServer;
  const keys = new Map<Role, string>();
  beforeAll(async () => {
    server = await startTestServer({ engine });
    for (const role of roles) keys.set(role, (await server.addUser(`a-${role}`, role)).key);
  });
  afterAll(() => server.close());

  async function call(route: Route, key: string | null): Promise<Response> {
    const stop = new AbortController();
    const path = route.path.replace(/:\w+/g, 'none');
    const response = await server.as(key).raw(route.method, path, {
      signal: stop.signal,
      ...(route.body ? { body: {} } : {}),
    });
    // Streams never end by themselves; the head says all.
    stop.abort();
    return response;
  }

  test.each(table)('%s', async (_name, route) => {
    for (const caller of [null, ...roles]) {
      const key = caller === null ? null : (keys.get(caller) ?? null);
      const { status } = await call(route, key);
      const wanted = expected(route.access, caller);
      const got = status === 401 || status === 403 ? status : 'let in';
      expect([caller, got]).toEqual([caller, wanted]);
      // Nothing of what the table lets in may break on an empty call.
      expect([caller, status]).not.toEqual([caller, 500]);
    }
  });

  test('a key that was made up is auth.wrong, not auth.required', async () => {
    const response = await server.as('ck_made_up').raw('GET', '/projects');
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      401,
      'auth.wrong',
    ]);
  });
});
