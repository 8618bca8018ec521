import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUnitPlatform, type UnitPlatform } from '../testing/unit-platform.ts';
import type { Revocation } from './directory.ts';
import { createPeople, type People } from './people.ts';

const password = 'a long enough one';
const dayMs = 86_400_000;

describe('people', () => {
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

  const addAdmin = (name = 'ada') => people.createUser({ name, role: 'admin', password });

  test('the first run lasts until there is an admin; programs and annotators do not end it', async () => {
    expect(await people.firstRun()).toBe(true);
    await people.createUser({ name: 'models', role: 'model' });
    await people.createUser({ name: 'ann', role: 'annotator' });
    expect(await people.firstRun()).toBe(true);
    await addAdmin();
    expect(await people.firstRun()).toBe(false);
  });

  test('signs in by name in any case, and the session says who it is until it ends', async () => {
    const { user } = await addAdmin();
    const session = await people.signIn(' Ada ', password, '10.0.0.1');
    expect(session.user.id).toBe(user.id);
    expect((await people.authenticate({ sessionToken: session.token }))?.id).toBe(user.id);
    await people.signOut(session.token);
    expect(await people.authenticate({ sessionToken: session.token })).toBeNull();
  });

  test('a session ends after 30 days', async () => {
    await addAdmin();
    const { token } = await people.signIn('ada', password, 'here');
    await platform.clock.advance(29 * dayMs);
    expect(await people.authenticate({ sessionToken: token })).not.toBeNull();
    await platform.clock.advance(2 * dayMs);
    expect(await people.authenticate({ sessionToken: token })).toBeNull();
  });

  test('the store holds neither tokens nor keys nor passwords', async () => {
    const { user, key } = await addAdmin();
    const { token } = await people.signIn('ada', password, 'here');
    const { token: invite } = await people.createInvite({
      role: 'lead',
      label: 'x',
      days: 1,
      createdBy: user.id,
    });
    const all = JSON.stringify([
      await platform.store.page('users', { index: 'name', limit: 9 }),
      await platform.store.page('sessions', { index: 'user', where: { userId: user.id }, limit: 9 }),
      await platform.store.page('apiKeys', { index: 'user', where: { userId: user.id }, limit: 9 }),
      await platform.store.page('invites', { index: 'created', limit: 9 }),
      await platform.store.page('audit', { index: 'time', limit: 9 }),
    ]);
    expect(all).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
    for (const secret of [key, token, invite, password]) expect(all).not.toContain(secret);
  });

  test('a wrong password and an unknown name are refused alike', async () => {
    await addAdmin();
    const wrong = await people.signIn('ada', 'not the right one', 'here').catch((e: unknown) => e);
    const unknown = await people.signIn('nobody', password, 'here').catch((e: unknown) => e);
    expect(wrong).toMatchObject({ code: 'auth.wrong' });
    expect(unknown).toMatchObject({ code: 'auth.wrong', message: (wrong as Error).message });
  });

  test('a program without a password cannot sign in by one', async () => {
    await people.createUser({ name: 'bot', role: 'annotator' });
    await expect(people.signIn('bot', '', 'here')).rejects.toMatchObject({ code: 'auth.wrong' });
  });

  test('five failures close a name to one address, not to others, for 15 minutes', async () => {
    await addAdmin();
    for (let i = 0; i < 5; i++)
      await expect(people.signIn('ada', 'wrong wrong', 'bad')).rejects.toMatchObject({ code: 'auth.wrong' });
    await expect(people.signIn('ada', password, 'bad')).rejects.toMatchObject({
      code: 'auth.too_many',
      message: expect.stringContaining('15 minutes'),
    });
    await expect(people.signIn('ada', password, 'good')).resolves.toBeDefined();
    await platform.clock.advance(15 * 60_000);
    await expect(people.signIn('ada', password, 'bad')).resolves.toBeDefined();
  });

  test('guesses sent at once are not all tried', async () => {
    await addAdmin();
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => people.signIn('ada', 'guess guess', 'bad').catch((e: unknown) => e)),
    );
    expect(tries.filter((t) => (t as { code: string }).code === 'auth.wrong')).toHaveLength(5);
    expect(tries.filter((t) => (t as { code: string }).code === 'auth.too_many')).toHaveLength(7);
  });

  test('a taken name is refused naming the field; two who take it at once do not both get it', async () => {
    const results = await Promise.allSettled([addAdmin('eve'), addAdmin('Eve'), addAdmin('eve')]);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    await expect(addAdmin('EVE')).rejects.toMatchObject({
      code: 'conflict',
      errors: [expect.objectContaining({ path: 'name' })],
    });
  });

  test('a bad name is refused naming the field', async () => {
    await expect(people.createUser({ name: 'a b', role: 'annotator' })).rejects.toMatchObject({
      code: 'input.invalid',
      errors: [expect.objectContaining({ path: 'name', value: 'a b' })],
    });
  });

  test('an invite lets in one of two who open it at once, with its role', async () => {
    const { token } = await people.createInvite({ role: 'admin', label: 'x', days: 7, createdBy: null });
    expect(await people.readInvite(token)).toMatchObject({ valid: true });
    const accept = (name: string) => people.acceptInvite(token, { name, display: name, password });
    const results = await Promise.allSettled([accept('one'), accept('two')]);
    const won = results.find((r) => r.status === 'fulfilled');
    const lost = results.find((r) => r.status === 'rejected');
    expect(won?.value.user.role).toBe('admin');
    expect(lost?.reason).toMatchObject({ code: 'conflict' });
    expect(await people.readInvite(token)).toMatchObject({ valid: false });
    expect(await people.authenticate({ sessionToken: won?.value.token ?? '' })).not.toBeNull();
  });

  test('an invite with a taken name can be used again; an old one cannot', async () => {
    const { user } = await addAdmin('ada');
    const { token } = await people.createInvite({ role: 'lead', label: 'x', days: 2, createdBy: user.id });
    const accept = (name: string) => people.acceptInvite(token, { name, display: name, password });
    await expect(accept('ada')).rejects.toMatchObject({
      errors: [expect.objectContaining({ path: 'name' })],
    });
    await platform.clock.advance(2 * dayMs);
    await expect(accept('bob')).rejects.toMatchObject({ code: 'conflict' });
    expect(await people.readInvite('never made')).toBeNull();
  });

  test('the last admin stays: neither demoted nor disabled, nor two at once', async () => {
    const ada = await addAdmin('ada');
    await expect(people.updateUser(ada.user.id, { role: 'lead' }, ada.user.id)).rejects.toMatchObject({
      code: 'conflict',
    });
    const bob = await addAdmin('bob');
    const both = await Promise.allSettled([
      people.updateUser(ada.user.id, { active: false }, bob.user.id),
      people.updateUser(bob.user.id, { role: 'annotator' }, ada.user.id),
    ]);
    expect(both.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect(await people.firstRun()).toBe(false);
  });

  test('disabling ends sessions and keys at once, on every node, and says so', async () => {
    const admin = await addAdmin();
    const ann = await people.createUser({ name: 'ann', role: 'annotator', password });
    const { token } = await people.signIn('ann', password, 'here');
    const otherNode = createPeople(platform.node());
    const heard: Revocation[] = [];
    otherNode.onRevoked((what) => heard.push(what));
    const asAnn = [{ apiKey: ann.key }, { sessionToken: token }];
    for (const node of [people, otherNode])
      for (const credential of asAnn) expect(await node.authenticate(credential)).not.toBeNull();

    await people.updateUser(ann.user.id, { active: false }, admin.user.id);
    for (const node of [people, otherNode])
      for (const credential of asAnn) expect(await node.authenticate(credential)).toBeNull();
    expect(heard).toEqual([{ userId: ann.user.id, credential: null, reason: 'disabled' }]);

    await people.updateUser(ann.user.id, { active: true }, admin.user.id);
    expect(await people.authenticate({ apiKey: ann.key })).not.toBeNull();
    expect(await people.authenticate({ sessionToken: token })).toBeNull();
    otherNode.close();
  });

  test('keys: made, listed with a hint only, revoked by their owner only', async () => {
    const ann = await people.createUser({ name: 'ann', role: 'annotator' });
    const eve = await people.createUser({ name: 'eve', role: 'lead' });
    const made = await people.createKey(ann.user, 'laptop');
    expect((await people.authenticate({ apiKey: made.key }))?.name).toBe('ann');
    const listed = await people.listKeys(ann.user.id);
    expect(listed.map((k) => k.label).sort()).toEqual(['first key', 'laptop']);
    await expect(people.deleteKey(eve.user, made.id)).rejects.toMatchObject({ code: 'not_found' });
    await people.deleteKey(ann.user, made.id);
    expect(await people.authenticate({ apiKey: made.key })).toBeNull();
    expect(await people.authenticate({ apiKey: ann.key })).not.toBeNull();
  });

  test('what others may know of a user has no password in it; colours differ', async () => {
    const ada = await addAdmin();
    const bob = await people.createUser({ name: 'bob', role: 'lead' });
    expect(Object.keys(people.toPublic(ada.user)).sort()).toEqual([
      'active',
      'color',
      'display',
      'id',
      'name',
      'role',
    ]);
    expect(ada.user.color).not.toBe(bob.user.color);
  });

  test('who added and changed whom is in the audit', async () => {
    const ada = await addAdmin();
    const bob = await people.createUser({ name: 'bob', role: 'lead' }, ada.user.id);
    await people.updateUser(bob.user.id, { role: 'annotator' }, ada.user.id);
    const { items } = await platform.store.page('audit', { index: 'time', limit: 9 });
    const ofBob = items.map((e) => e.record).filter((e) => e.subject === bob.user.id);
    expect(ofBob.map((e) => [e.action, e.userId]).sort()).toEqual([
      ['user.created', ada.user.id],
      ['user.updated', ada.user.id],
    ]);
  });
});
