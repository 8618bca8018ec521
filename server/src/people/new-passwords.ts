import { ConcordError, isConcordError } from '@concord/core/errors/concord-error';
import type { UserId } from '@concord/core/records/ids';
import type { PasswordReset, User } from '@concord/core/records/user';
import type { Stored, Write } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import { auditWrite } from './audit.ts';
import type { Credentials } from './credentials.ts';
import type { Directory } from './directory.ts';
import type { NewLink, SignedIn } from './invites.ts';
import { hashPassword } from './passwords.ts';
import { newSessionToken, tokenId } from './tokens.ts';

const resetMs = 86_400_000;

/** New passwords for people who have an account: by themselves, or by a link from an admin. Keys stay as they are. */
export interface NewPasswords {
  /** Sets it and ends every session but the one with this token. The caller has checked the old one. */
  change(userId: UserId, password: string, keptToken: string | null): Promise<void>;
  /** A link for one use within a day; earlier ones of the same person stop working. `by` is null on the machine itself. */
  createReset(userId: string, by: UserId | null): Promise<NewLink>;
  /** Whose password a link sets; null for a link that never was, or was used. */
  readReset(token: string): Promise<{ readonly user: User; readonly valid: boolean } | null>;
  /** Sets it, ends every session, and signs in. */
  acceptReset(token: string, password: string): Promise<SignedIn>;
}

export function createNewPasswords(
  platform: Platform,
  directory: Directory,
  credentials: Credentials,
): NewPasswords {
  const { store, clock, random } = platform;

  async function find(token: string): Promise<{
    readonly reset: Stored<PasswordReset>;
    readonly user: Stored<User>;
    readonly valid: boolean;
  } | null> {
    const reset = await store.get('passwordResets', tokenId(token));
    const user = reset && (await directory.stored(reset.record.userId));
    if (!reset || !user) return null;
    // A link is worth what its maker still is; one made on the machine itself has none.
    const { createdBy } = reset.record;
    const maker = createdBy === null ? null : await directory.stored(createdBy);
    const stands = createdBy === null || (maker?.record.active === true && maker.record.role === 'admin');
    return { reset, user, valid: stands && reset.record.expiresAt > clock.now() && user.record.active };
  }

  /** One unit: whoever comes second with the same link, or changes the account at the same time, meets a conflict. */
  async function set(
    user: Stored<User>,
    password: string,
    action: string,
    keptToken: string | null,
    more: readonly Write[],
  ): Promise<void> {
    const { id } = user.record;
    const record: User = { ...user.record, passwordHash: await hashPassword(password) };
    await store.commit({
      writes: [
        { put: 'users', record, expect: user.rev },
        ...(await credentials.endOfSessions(id, keptToken)),
        ...more,
        auditWrite(platform, id, action, id),
      ],
    });
    directory.changed(id);
    directory.revoke({ userId: id, credential: null, reason: 'password' });
  }

  return {
    async change(userId, password, keptToken) {
      const user = await directory.stored(userId);
      if (!user) throw new ConcordError('not_found', `There is no user ${userId}.`);
      await set(user, password, 'password.changed', keptToken, []);
    },
    async createReset(userId, by) {
      const user = await directory.stored(userId);
      if (!user) throw new ConcordError('not_found', `There is no user ${userId}.`);
      if (!user.record.active)
        throw new ConcordError('conflict', `${user.record.name} is disabled. Enable the account first.`);
      const { id } = user.record;
      const earlier = await store.page('passwordResets', {
        index: 'user',
        where: { userId: id },
        limit: 500,
      });
      const token = newSessionToken(random);
      const now = clock.now();
      const record: PasswordReset = {
        id: tokenId(token),
        userId: id,
        createdBy: by,
        createdAt: now,
        expiresAt: now + resetMs,
      };
      await store.commit({
        writes: [
          ...earlier.items.map((e): Write => ({ remove: 'passwordResets', id: e.record.id, expect: 'any' })),
          { put: 'passwordResets', record, expect: 'absent' },
          auditWrite(platform, by, 'password.reset_link', id),
        ],
      });
      return { token, expiresAt: record.expiresAt };
    },
    async readReset(token) {
      const found = await find(token);
      return found && { user: found.user.record, valid: found.valid };
    },
    async acceptReset(token, password) {
      const used = () =>
        new ConcordError('conflict', 'This link has been used or is too old. Ask for a new one.');
      const found = await find(token);
      if (!found?.valid) throw used();
      const { reset, user } = found;
      const session = credentials.newSession(user.record.id);
      try {
        await set(user, password, 'password.reset', null, [
          { remove: 'passwordResets', id: reset.record.id, expect: reset.rev },
          session.write,
        ]);
      } catch (error) {
        if (isConcordError(error, 'conflict') && (await find(token)) === null) throw used();
        throw error;
      }
      return { user: user.record, token: session.token, expiresAt: session.expiresAt };
    },
  };
}
