import { expect, it } from 'vitest';
import { startTestServer } from '../testing/server.ts';

const password = 'correct-horse-battery-1';

it('links end with the rights of who made them', async () => {
  const server = await startTestServer();
  const lead = await server.addUser('lea', 'lead');
  const boss = await server.addUser('boss', 'admin');
  const invite = await server.as(lead.key).post<{ token: string }>('/invites', { role: 'lead' });
  const open = await server.as(boss.key).post<{ token: string }>('/invites', { role: 'annotator' });
  const reset = await server
    .as(boss.key)
    .post<{ token: string }>(`/users/${(await server.addUser('other', 'admin')).user.id}/resets`, {});
  const tokenOf = ({ token }: { token: string }) => token;
  await server.api.patch(`/users/${lead.user.id}`, { active: false });
  await server.api.patch(`/users/${boss.user.id}`, { role: 'lead' });

  const join = (link: { token: string }, name: string) =>
    server.api.raw('POST', `/invites/${tokenOf(link)}`, { body: { name, display: name, password } });
  expect((await join(invite, 'one')).status).toBe(409);
  expect((await server.api.raw('POST', `/resets/${tokenOf(reset)}`, { body: { password } })).status).toBe(
    409,
  );
  // A lead may still let annotators in.
  expect((await join(open, 'two')).status).toBeLessThan(300);
  await server.close();
});
