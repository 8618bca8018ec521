import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUnitPlatform, type UnitPlatform } from '../testing/unit-platform.ts';
import type { Revocation } from './directory.ts';
import { createPeople, type People } from './people.ts';

const password = 'a long enough one';
const next = 'another long one';
const dayMs = 86_400_000;

describe('links that let people in, and new passwords', () => {
  let platform: UnitPlatform;
  let people: People;
  beforeEach(() => {
    platform = createUnitPlatform();
    people = createPeople(platform);
  });
  afterEach(async () => {
    people.close();
    await platform.dispose();
  });

  const firstLink = async () =>
    (await people.createInvite({ role: 'admin', label: 'first administrator', days: 7, createdBy: null }))
      .token;
  const accept = (token: string, name: string) =>
    people.acceptInvite(token, { name, display: name, password });
  const isValid = async (token: string) => (await people.readInvite(token))?.valid ?? false;
  const addUser = (name: string, role: 'admin' | 'lead' | 'annotator' = 'annotator') =>
    people.createUser({ name, role, password });

  test('of the links of several first starts only the newest works, and none once there is an admin', async () => {
    const links = [await firstLink(), await firstLink(), await firstLink()];
    expect(await Promise.all(links.map(isValid))).toEqual([false, false, true]);
    await expect(accept(links[0] ?? '', 'mallory')).rejects.toMatchObject({ code: 'not_found' });
    const { user } = await accept(links[2] ?? '', 'ada');
    expect(user.role).toBe('admin');
    await expect(accept(links[2] ?? '', 'eve')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('the first start’s link dies with the first admin, wherever that one came from', async () => {
    const link = await firstLink();
    await addUser('ada', 'admin');
    expect(await isValid(link)).toBe(false);
    await expect(accept(link, 'mallory')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('two servers that start at once make two links; one of two who use them becomes admin', async () => {
    // As if each had looked for the other's link before it was there.
    const links = [await firstLink()];
    const { items } = await platform.store.page('invites', { index: 'created', limit: 9 });
    links.push(await firstLink());
    await platform.store.commit({
      writes: items.map(({ record }) => ({ put: 'invites', record, expect: 'absent' }) as const),
    });
    const results = await Promise.allSettled(links.map((link, i) => accept(link, `admin-${i}`)));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });

  test('invites are listed newest first and can be taken back, but not by a lead where they make an admin', async () => {
    const { user: ada } = await addUser('ada', 'admin');
    const { user: lea } = await addUser('lea', 'lead');
    const make = async (role: 'admin' | 'lead', label: string) => {
      await platform.clock.advance(1);
      return people.createInvite({ role, label, days: 7, createdBy: ada.id });
    };
    const [one, two, three] = [
      await make('lead', 'one'),
      await make('admin', 'two'),
      await make('lead', 'three'),
    ];
    const listed = await people.listInvites(undefined, 2);
    expect(listed.items.map((i) => i.record.label)).toEqual(['three', 'two']);
    expect(JSON.stringify(listed)).not.toContain(three.token);
    const [third, second] = listed.items.map((i) => i.record.id) as [string, string];
    await expect(people.revokeInvite(second, lea)).rejects.toMatchObject({ code: 'auth.forbidden' });
    await people.revokeInvite(third, lea);
    expect([await isValid(one.token), await isValid(two.token), await isValid(three.token)]).toEqual([
      true,
      true,
      false,
    ]);
    await expect(accept(three.token, 'late')).rejects.toMatchObject({ code: 'not_found' });
    await expect(people.revokeInvite(third, ada)).rejects.toMatchObject({ code: 'not_found' });
    await accept(two.token, 'bob');
    await expect(people.revokeInvite(second, ada)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a person changes their password: other sessions end, this one and the keys stay', async () => {
    const { user, key } = await addUser('ann');
    const here = await people.signIn('ann', password, 'here');
    const there = await people.signIn('ann', password, 'there');
    const heard: Revocation[] = [];
    people.onRevoked((what) => heard.push(what));
    const from = { sessionToken: here.token, remote: 'here' };
    await expect(people.changePassword(user, { current: 'wrong', next }, from)).rejects.toMatchObject({
      code: 'input.invalid',
      errors: [expect.objectContaining({ path: 'currentPassword' })],
    });
    await people.changePassword(user, { current: password, next }, from);
    const works = async (credential: object) => (await people.authenticate(credential)) !== null;
    expect(await works({ sessionToken: here.token })).toBe(true);
    expect(await works({ sessionToken: there.token })).toBe(false);
    expect(await works({ apiKey: key })).toBe(true);
    await expect(people.signIn('ann', password, 'x')).rejects.toMatchObject({ code: 'auth.wrong' });
    expect((await people.signIn('ann', next, 'x')).user.id).toBe(user.id);
    expect(heard).toEqual([{ userId: user.id, credential: null, reason: 'password' }]);
  });

  test('who holds a session cannot guess the password with it', async () => {
    const { user } = await addUser('ann');
    const guess = (current: string) =>
      people.changePassword(user, { current, next }, { sessionToken: null, remote: 'bad' });
    for (let i = 0; i < 5; i++) await expect(guess('wrong')).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(guess(password)).rejects.toMatchObject({ code: 'auth.too_many' });
  });

  test('a link from an admin sets a new password once, within a day, and ends all sessions', async () => {
    const { user: ada } = await addUser('ada', 'admin');
    const { user } = await addUser('ann');
    const before = await people.signIn('ann', password, 'here');
    const old = await people.createReset(user.id, ada.id);
    const link = await people.createReset(user.id, ada.id);
    await expect(people.acceptReset(old.token, next)).rejects.toMatchObject({ code: 'conflict' });
    expect(await people.readReset(link.token)).toMatchObject({ valid: true, user: { name: 'ann' } });
    const results = await Promise.allSettled([
      people.acceptReset(link.token, next),
      people.acceptReset(link.token, 'the other long one'),
    ]);
    const won = results.filter((r) => r.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await people.authenticate({ sessionToken: won[0]?.value.token ?? '' })).not.toBeNull();
    expect(await people.authenticate({ sessionToken: before.token })).toBeNull();
    expect(await people.readReset(link.token)).toBeNull();

    const late = await people.createReset(user.id, ada.id);
    await platform.clock.advance(dayMs);
    expect(await people.readReset(late.token)).toMatchObject({ valid: false });
    await expect(people.acceptReset(late.token, next)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a link lets no disabled person back in', async () => {
    const { user: ada } = await addUser('ada', 'admin');
    const { user } = await addUser('ann');
    const link = await people.createReset(user.id, ada.id);
    await people.updateUser(user.id, { active: false }, ada.id);
    await expect(people.acceptReset(link.token, next)).rejects.toMatchObject({ code: 'conflict' });
    await expect(people.createReset(user.id, ada.id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(people.createReset('usr_nobody', ada.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('the store holds no link, and the audit says who made one and what became of it', async () => {
    const { user: ada } = await addUser('ada', 'admin');
    const { user } = await addUser('ann');
    const { token } = await people.createReset(user.id, ada.id);
    const held = await platform.store.page('passwordResets', { index: 'user', limit: 9 });
    expect(JSON.stringify(held)).not.toContain(token);
    await people.acceptReset(token, next);
    const { items } = await platform.store.page('audit', { index: 'time', limit: 50 });
    const ofAnn = items.map((i) => i.record).filter((e) => e.subject === user.id);
    expect(ofAnn.map((e) => [e.action, e.userId])).toEqual(
      expect.arrayContaining([
        ['password.reset_link', ada.id],
        ['password.reset', user.id],
      ]),
    );
  });
});
