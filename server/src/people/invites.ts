import { ConcordError, isConcordError } from '@concord/core/errors/concord-error';
import type { UserId } from '@concord/core/records/ids';
import type { Invite, Role, User } from '@concord/core/records/user';
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

/** A sign-in that was just made. */
export interface SignedIn {
  readonly user: User;
  /** For the cookie; not stored. */
  readonly token: string;
  readonly expiresAt: number;
}

/** Links that let one person in, once, with a role. */
export interface Invites {
  create(input: InviteInput): Promise<{ readonly token: string; readonly expiresAt: number }>;
  /** Null for a token that never was. */
  read(token: string): Promise<{ readonly invite: Invite; readonly valid: boolean } | null>;
  /** Makes the account and signs it in, in one unit; the link works for one of two who try at once. */
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
  const valid = (invite: Invite) => invite.usedBy === null && invite.expiresAt > clock.now();

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
      await store.commit({ writes: [{ put: 'invites', record, expect: 'absent' }, entry] });
      return { token, expiresAt: record.expiresAt };
    },
    async read(token) {
      const found = await stored(token);
      return found && { invite: found.record, valid: valid(found.record) };
    },
    async accept(token, input) {
      const found = await stored(token);
      if (!found) throw new ConcordError('not_found', 'This invite link is not known here.');
      if (!valid(found.record)) throw used();
      const user = await accounts.draft({ ...input, role: found.record.role });
      const session = credentials.newSession(user.id);
      try {
        await accounts.commitNew(user, [
          { put: 'invites', record: { ...found.record, usedBy: user.id }, expect: found.rev },
          session.write,
          auditWrite(platform, user.id, 'invite.accepted', user.id, { name: user.name, role: user.role }),
        ]);
      } catch (error) {
        const now = await stored(token);
        if (isConcordError(error, 'conflict') && now && !valid(now.record)) throw used();
        throw error;
      }
      return { user, token: session.token, expiresAt: session.expiresAt };
    },
  };
}
