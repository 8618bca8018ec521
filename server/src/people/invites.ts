import { ConcordError, isConcordError } from '@concord/core/errors/concord-error';
import type { UserId } from '@concord/core/records/ids';
import type { Invite, Role, User } from '@concord/core/records/user';
import type { Page, Write } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import type { Accounts } from './accounts.ts';
import { auditWrite } from './audit.ts';
import type { Credentials } from './credentials.ts';
import { newSessionToken, tokenId } from './tokens.ts';

export interface InviteInput {
  readonly role: Role;
  readonly label: string;
  /** How long the link works. */
  readonly days: number;
  /** Null for the first start's link. */
  readonly createdBy: UserId | null;
}

/** A link that was just made; its token is shown this once and not stored. */
export interface NewLink {
  readonly token: string;
  readonly expiresAt: number;
}

/** A sign-in that was just made. */
export interface SignedIn {
  readonly user: User;
  /** For the cookie; not stored. */
  readonly token: string;
  readonly expiresAt: number;
}

/** Links that let one person in, once, with a role. */
export interface Invites {
  /** The first start's link takes the place of earlier ones. */
  create(input: InviteInput): Promise<NewLink>;
  /** Null for a token that never was. */
  read(token: string): Promise<{ readonly invite: Invite; readonly valid: boolean } | null>;
  /** Newest first. */
  list(after: string | undefined, limit: number): Promise<Page<Invite>>;
  /** Its link lets nobody in any more. Throws `not_found`, `conflict` for one that was used, `auth.forbidden`. */
  revoke(id: string, by: User): Promise<void>;
  /**
   * Makes the account and signs it in, in one unit; the link works for one of two who try at once. The first start's
   * link works only while there is no admin.
   */
  accept(
    token: string,
    input: { readonly name: string; readonly display: string; readonly password: string },
  ): Promise<SignedIn>;
}

export function createInvites(platform: Platform, accounts: Accounts, credentials: Credentials): Invites {
  const { store, clock, random } = platform;
  const used = () =>
    new ConcordError('conflict', 'This link has been used or is too old. Ask for a new one.');
  const stored = (token: string) => store.get('invites', tokenId(token));
  /** Whether the link lets somebody in now. */
  async function valid(invite: Invite): Promise<boolean> {
    if (invite.usedBy !== null || invite.expiresAt <= clock.now()) return false;
    if (invite.createdBy === null) return accounts.firstRun();
    // A link is worth what its maker still is.
    const maker = (await store.get('users', invite.createdBy))?.record;
    if (maker?.active !== true) return false;
    return maker.role === 'admin' || (maker.role === 'lead' && invite.role !== 'admin');
  }

  /** Takes back the first start's other links: in the unit of a new one, or of the account that the used one makes. */
  async function endOfFirstLinks(except: string): Promise<Write[]> {
    const writes: Write[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await store.page('invites', { index: 'created', limit: 500, after });
      for (const { record, rev } of page.items)
        if (record.createdBy === null && record.usedBy === null && record.id !== except)
          writes.push({ remove: 'invites', id: record.id, expect: rev });
      after = page.next ?? undefined;
      more = page.next !== null;
    }
    return writes;
  }

  return {
    async create(input) {
      const token = newSessionToken(random);
      const now = clock.now();
      const record: Invite = {
        id: tokenId(token),
        role: input.role,
        label: input.label,
        createdBy: input.createdBy,
        createdAt: now,
        expiresAt: now + input.days * 86_400_000,
        usedBy: null,
      };
      const detail = { role: input.role, label: input.label, days: input.days };
      const entry = auditWrite(platform, input.createdBy, 'invite.created', record.id.slice(0, 12), detail);
      const former = input.createdBy === null ? await endOfFirstLinks(record.id) : [];
      await store.commit({ writes: [{ put: 'invites', record, expect: 'absent' }, ...former, entry] });
      return { token, expiresAt: record.expiresAt };
    },
    async read(token) {
      const found = await stored(token);
      return found && { invite: found.record, valid: await valid(found.record) };
    },
    list: (after, limit) => store.page('invites', { index: 'created', descending: true, after, limit }),
    async revoke(id, by) {
      const found = await store.get('invites', id);
      if (!found) throw new ConcordError('not_found', `There is no invite ${id}.`);
      const { role, label, usedBy } = found.record;
      if (usedBy !== null)
        throw new ConcordError('conflict', 'This invite has been used. Disable the account instead.');
      if (role === 'admin' && by.role !== 'admin')
        throw new ConcordError('auth.forbidden', 'Only an admin can take back the invite of an admin.');
      await store.commit({
        writes: [
          { remove: 'invites', id, expect: found.rev },
          auditWrite(platform, by.id, 'invite.revoked', id.slice(0, 12), { role, label }),
        ],
      });
    },
    async accept(token, input) {
      const found = await stored(token);
      if (!found) throw new ConcordError('not_found', 'This invite link is not known here (any more).');
      if (!(await valid(found.record))) throw used();
      const user = await accounts.draft({ ...input, role: found.record.role });
      const session = credentials.newSession(user.id);
      const former = found.record.createdBy === null ? await endOfFirstLinks(found.record.id) : [];
      try {
        await accounts.commitNew(user, [
          ...former,
          { put: 'invites', record: { ...found.record, usedBy: user.id }, expect: found.rev },
          session.write,
          auditWrite(platform, user.id, 'invite.accepted', user.id, { name: user.name, role: user.role }),
        ]);
      } catch (error) {
        const now = await stored(token);
        if (isConcordError(error, 'conflict') && !(now && (await valid(now.record)))) throw used();
        throw error;
      }
      return { user, token: session.token, expiresAt: session.expiresAt };
    },
  };
}
