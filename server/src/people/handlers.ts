import { ConcordError } from '@concord/core/errors/concord-error';
import { Answer, type Handlers } from '../gateway/http/handler.ts';
import type { Platform } from '../platform.ts';
import { clearSessionCookie, setSessionCookie } from './cookie.ts';
import { toPublic } from './directory.ts';
import type { SignedIn } from './invites.ts';
import type { People } from './people.ts';

type PeopleRoutes =
  | `session.${'get' | 'create' | 'delete'}`
  | `invites.${'get' | 'accept' | 'create' | 'list' | 'revoke'}`
  | `resets.${'create' | 'get' | 'accept'}`
  | 'password.change'
  | `users.${'list' | 'create' | 'update'}`
  | `keys.${'list' | 'create' | 'delete'}`
  | 'audit.list';

export interface PeopleOptions {
  /** Whether people come over https: then the cookie is `Secure`. */
  readonly secure: boolean;
  /** Whether this server was started with the sample projects. */
  readonly demo: boolean;
}

/** The HTTP routes of people, sign-in, keys, invites and the audit. */
export function peopleHandlers(
  platform: Platform,
  people: People,
  options: PeopleOptions,
): Pick<Handlers, PeopleRoutes> {
  const signedIn = ({ user, token, expiresAt }: SignedIn) =>
    new Answer({
      body: { user: toPublic(user) },
      headers: {
        'set-cookie': setSessionCookie(token, expiresAt - platform.clock.now(), options.secure),
        'cache-control': 'no-store',
      },
    });

  return {
    'session.get': async ({ user }) => ({ user: user && toPublic(user), demo: options.demo }),
    'session.create': async ({ body, remote }) =>
      signedIn(await people.signIn(body.name, body.password, remote)),
    'session.delete': async ({ sessionToken }) => {
      if (sessionToken) await people.signOut(sessionToken);
      return new Answer({ body: {}, headers: { 'set-cookie': clearSessionCookie(options.secure) } });
    },

    'invites.get': async ({ params }) => {
      const found = await people.readInvite(params.invite);
      if (!found) throw new ConcordError('not_found', 'This invite link is not known here (any more).');
      return { role: found.invite.role, label: found.invite.label, valid: found.valid };
    },
    'invites.accept': async ({ params, body }) => signedIn(await people.acceptInvite(params.invite, body)),
    'invites.create': async ({ user, body }) => {
      if (body.role === 'admin' && user.role !== 'admin')
        throw new ConcordError('auth.forbidden', 'Only an admin can invite an admin.');
      const { token, expiresAt } = await people.createInvite({ ...body, createdBy: user.id });
      return { token, path: `/join/${token}`, expiresAt };
    },
    'invites.list': async ({ query }) => {
      const page = await people.listInvites(query.after, query.limit);
      return { items: page.items.map((i) => i.record), next: page.next };
    },
    'invites.revoke': async ({ user, params }) => {
      await people.revokeInvite(params.invite, user);
      return {};
    },

    'password.change': async ({ user, body, sessionToken, remote }) => {
      const change = { current: body.currentPassword, next: body.password };
      await people.changePassword(user, change, { sessionToken, remote });
      return {};
    },
    'resets.create': async ({ user, params }) => {
      const { token, expiresAt } = await people.createReset(params.user, user.id);
      return { token, path: `/reset/${token}`, expiresAt };
    },
    'resets.get': async ({ params }) => {
      const found = await people.readReset(params.token);
      if (!found) throw new ConcordError('not_found', 'This link is not known here (any more).');
      return { name: found.user.name, display: found.user.display, valid: found.valid };
    },
    'resets.accept': async ({ params, body }) =>
      signedIn(await people.acceptReset(params.token, body.password)),

    'users.list': async ({ query }) => {
      const page = await people.listUsers(query.after, query.limit);
      return { items: page.items.map((u) => toPublic(u.record)), next: page.next };
    },
    'users.create': async ({ user, body }) => {
      const made = await people.createUser(body, user.id);
      return { user: toPublic(made.user), key: made.key };
    },
    'users.update': async ({ user, params, body }) =>
      toPublic(await people.updateUser(params.user, body, user.id)),

    'keys.list': async ({ user }) => ({
      items: (await people.listKeys(user.id)).map(({ userId: _owner, ...key }) => key),
    }),
    'keys.create': ({ user, body }) => people.createKey(user, body.label),
    'keys.delete': async ({ user, params }) => {
      await people.deleteKey(user, params.key);
      return {};
    },

    'audit.list': async ({ query }) => {
      const page = await platform.store.page('audit', {
        index: 'time',
        after: query.after,
        limit: query.limit,
        descending: true,
      });
      return { items: page.items.map((e) => e.record), next: page.next };
    },
  };
}
