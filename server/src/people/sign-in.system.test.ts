import type { Problem } from '@concord/core/errors/concord-error';
import type { PublicUser } from '@concord/core/records/user';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

const password = 'a long enough one';
const own = { 'x-concord': '1' };

describe('signing in over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());
  const nobody = () => server.as(null);
  const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

  /** Invited, with an account and a cookie. */
  async function join(name: string, role: string): Promise<{ user: PublicUser; cookie: string }> {
    const { token } = await server.api.post<{ token: string }>('/invites', { role });
    const response = await nobody().raw('POST', `/invites/${token}`, {
      body: { name, display: name, password },
    });
    expect(response.status).toBe(200);
    return { ...((await response.json()) as { user: PublicUser }), cookie: cookieOf(response) };
  }
  const me = async (cookie: string) =>
    (
      (await (await nobody().raw('GET', '/session', { headers: { cookie } })).json()) as {
        user: PublicUser | null;
      }
    ).user;

  test('an invite says what it offers, lets one person in, and is used then', async () => {
    const invite = await server.api.post<{ token: string; path: string }>('/invites', {
      role: 'super-reviewer',
      label: 'Reviewers',
    });
    expect(invite.path).toBe(`/join/${invite.token}`);
    expect(await nobody().get(`/invites/${invite.token}`)).toEqual({
      role: 'super-reviewer',
      label: 'Reviewers',
      valid: true,
    });
    const accept = (name: string) =>
      nobody().raw('POST', `/invites/${invite.token}`, { body: { name, display: 'Rev', password } });
    const response = await accept('rev');
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^concord_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
    expect(await me(cookieOf(response))).toMatchObject({ name: 'rev', role: 'super-reviewer' });
    expect((await accept('second')).status).toBe(409);
    expect(await nobody().get(`/invites/${invite.token}`)).toMatchObject({ valid: false });
    expect((await nobody().raw('GET', '/invites/unknown')).status).toBe(404);
  });

  test('a lead invites, but not an admin', async () => {
    const { key } = await server.addUser('lead-inviter', 'lead');
    expect((await server.as(key).raw('POST', '/invites', { body: { role: 'annotator' } })).status).toBe(200);
    expect((await server.as(key).raw('POST', '/invites', { body: { role: 'admin' } })).status).toBe(403);
  });

  test('a short password is refused naming the field', async () => {
    const { token } = await server.api.post<{ token: string }>('/invites', { role: 'annotator' });
    const response = await nobody().raw('POST', `/invites/${token}`, {
      body: { name: 'shorty', display: 'S', password: 'short' },
    });
    expect(((await response.json()) as Problem).errors[0]).toMatchObject({ path: 'password' });
  });

  test('sign in, sign out; the cookie is dead then', async () => {
    await join('sam', 'annotator');
    const signIn = await nobody().raw('POST', '/session', { body: { name: 'Sam', password } });
    const cookie = cookieOf(signIn);
    expect((await me(cookie))?.name).toBe('sam');
    const out = await nobody().raw('DELETE', '/session', { headers: { cookie, ...own } });
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(await me(cookie)).toBeNull();
  });

  test('a cookie changes nothing from another site, nor without showing where the call comes from', async () => {
    const { cookie } = await join('crossed', 'annotator');
    const makeKey = (headers: Record<string, string>) =>
      nobody().raw('POST', '/keys', { body: { label: 'k' }, headers: { cookie, ...headers } });
    expect((await makeKey({})).status).toBe(403);
    expect((await makeKey({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await makeKey({ origin: server.url })).status).toBe(200);
    expect((await makeKey(own)).status).toBe(200);
  });

  test('too many wrong passwords are 429 with a time to wait', async () => {
    await join('target', 'annotator');
    const attempt = (name: string) =>
      nobody().raw('POST', '/session', { body: { name, password: 'wrong wrong' } });
    for (let i = 0; i < 5; i++) expect((await attempt('target')).status).toBe(401);
    const refused = await attempt('target');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(((await refused.json()) as Problem).detail).toMatch(/Wait \d+ minutes/);
  });

  test('a disabled person is out at once, with cookie and key', async () => {
    const { user, cookie } = await join('leaver', 'annotator');
    const made = await nobody().raw('POST', '/keys', { body: { label: 'k' }, headers: { cookie, ...own } });
    const { key } = (await made.json()) as { key: string };
    expect((await server.as(key).raw('GET', '/projects')).status).toBe(200);
    await server.api.patch(`/users/${user.id}`, { active: false });
    expect((await server.as(key).raw('GET', '/projects')).status).toBe(401);
    expect(await me(cookie)).toBeNull();
    expect((await nobody().raw('POST', '/session', { body: { name: 'leaver', password } })).status).toBe(401);
  });

  test('a new password: by oneself with the old one, or by a link from an admin', async () => {
    const { user, cookie } = await join('changer', 'annotator');
    const change = (currentPassword: string, as = cookie) =>
      nobody().raw('POST', '/password', {
        body: { currentPassword, password: 'a different long one' },
        headers: { cookie: as, ...own },
      });
    const refused = await change('not the right one');
    expect([refused.status, ((await refused.json()) as Problem).errors[0]]).toEqual([
      400,
      expect.objectContaining({ path: 'currentPassword' }),
    ]);
    expect((await change(password)).status).toBe(200);
    expect((await me(cookie))?.id).toBe(user.id);
    const signIn = (word: string) =>
      nobody().raw('POST', '/session', { body: { name: 'changer', password: word } });
    expect([(await signIn(password)).status, (await signIn('a different long one')).status]).toEqual([
      401, 200,
    ]);

    const link = await server.api.post<{ token: string; path: string }>(`/users/${user.id}/resets`);
    expect(link.path).toBe(`/reset/${link.token}`);
    const { key } = await server.addUser('lead-resetter', 'lead');
    expect((await server.as(key).raw('POST', `/users/${user.id}/resets`)).status).toBe(403);
    expect(await nobody().get(`/resets/${link.token}`)).toEqual({
      name: 'changer',
      display: 'changer',
      valid: true,
    });
    const set = () =>
      nobody().raw('POST', `/resets/${link.token}`, { body: { password: 'a third long one' } });
    const done = await set();
    expect((await me(cookieOf(done)))?.id).toBe(user.id);
    expect(await me(cookie)).toBeNull();
    expect((await set()).status).toBe(409);
  });

  test('invites are listed, and one that was taken back lets nobody in', async () => {
    const { token } = await server.api.post<{ token: string }>('/invites', {
      role: 'lead',
      label: 'Taken back',
    });
    const { items } = await server.api.get<{ items: { id: string; label: string }[] }>('/invites?limit=500');
    const listed = items.find((i) => i.label === 'Taken back');
    expect(JSON.stringify(items)).not.toContain(token);
    await server.api.delete(`/invites/${listed?.id}`);
    expect((await nobody().raw('GET', `/invites/${token}`)).status).toBe(404);
  });

  test('a short password is not repeated in the answer', async () => {
    const { token } = await server.api.post<{ token: string }>('/invites', { role: 'annotator' });
    const tries = [
      { body: { name: 'echo', display: 'E', password: 'hunter2' } },
      { bytes: '{"name":"echo","password":"hunter2', headers: { 'content-type': 'application/json' } },
    ];
    for (const init of tries) {
      const answer = await nobody().raw('POST', `/invites/${token}`, init);
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toContain('hunter2');
    }
  });

  test('the last admin cannot step down', async () => {
    const response = await server.api.raw('PATCH', `/users/${server.admin.id}`, { body: { role: 'lead' } });
    expect([response.status, ((await response.json()) as Problem).detail]).toEqual([
      409,
      expect.stringContaining('last admin'),
    ]);
  });

  test('lists of people show no secrets, and the audit says who invited whom', async () => {
    const users = await server.api.raw('GET', '/users?limit=500');
    expect(await users.text()).not.toMatch(/argon2|passwordHash/);
    const audit = await server.api.get<{ items: { action: string }[] }>('/audit?limit=500');
    expect(audit.items.map((e) => e.action)).toEqual(
      expect.arrayContaining(['invite.created', 'invite.accepted', 'user.created', 'user.updated']),
    );
  });
});
