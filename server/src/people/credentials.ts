import { ConcordError } from '@concord/core/errors/concord-error';
import type { UserId } from '@concord/core/records/ids';
import type { ApiKey, User } from '@concord/core/records/user';
import type { Write } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import type { Directory } from './directory.ts';
import { keyHint, newApiKey, newSessionToken, tokenId } from './tokens.ts';

const sessionMs = 30 * 86_400_000;
const maxKeysPerUser = 50;
const cacheAgeMs = 30_000;

/** What a caller proves who they are with; a key goes before a session. */
export interface Credential {
  readonly sessionToken?: string | null;
  readonly apiKey?: string | null;
}

/** A new browser session. The token is given out once, in the cookie. */
export interface NewSession {
  readonly token: string;
  readonly expiresAt: number;
  readonly write: Write;
}

/** Sessions and API keys. */
export interface Credentials {
  /** The active user this credential belongs to; null when it is unknown, expired or its user is disabled. */
  authenticate(credential: Credential): Promise<User | null>;
  newSession(userId: UserId): NewSession;
  /** Idempotent. */
  endSession(token: string): Promise<void>;
  newKey(userId: UserId, label: string): { readonly id: string; readonly key: string; readonly write: Write };
  createKey(user: User, label: string): Promise<{ readonly id: string; readonly key: string }>;
  listKeys(userId: UserId): Promise<readonly ApiKey[]>;
  /** Own keys only (admins: anybody's); `not_found` otherwise. */
  deleteKey(user: User, id: string): Promise<void>;
  /**
   * What ends every session of a user, but for the one with this token, in the same unit as what ends them. Tell the
   * directory once it stands.
   */
  endOfSessions(userId: UserId, keptToken?: string | null): Promise<Write[]>;
}

/** The id under which the store, and `onRevoked`, know a credential. */
export function credentialId(credential: Credential): string | null {
  const token = credential.apiKey ?? credential.sessionToken;
  return token ? tokenId(token) : null;
}

export function createCredentials(platform: Platform, directory: Directory): Credentials {
  const { store, clock, random } = platform;
  /** Credential id -> whose it is; short-lived, and forgotten at once when revoked on any node. */
  const owners = new Map<string, { readonly userId: UserId; readonly until: number }>();
  directory.onRevoked((what) => {
    if (what.credential !== null) owners.delete(what.credential);
    else for (const [id, owner] of owners) if (owner.userId === what.userId) owners.delete(id);
  });

  directory.onMissed(() => owners.clear());

  function remember(id: string, userId: UserId, until: number): UserId {
    if (owners.size >= 10_000) owners.clear();
    owners.set(id, { userId, until: Math.min(until, clock.now() + cacheAgeMs) });
    return userId;
  }

  async function ownerOf(credential: Credential): Promise<UserId | null> {
    const id = credentialId(credential);
    if (id === null) return null;
    const known = owners.get(id);
    if (known && known.until > clock.now()) return known.userId;
    if (credential.apiKey) {
      const key = await store.get('apiKeys', id);
      return key ? remember(id, key.record.userId, Number.POSITIVE_INFINITY) : null;
    }
    const session = await store.get('sessions', id);
    if (!session) return null;
    if (session.record.expiresAt <= clock.now()) {
      await store.commit({ writes: [{ remove: 'sessions', id, expect: 'any' }] });
      return null;
    }
    return remember(id, session.record.userId, session.record.expiresAt);
  }

  function newKey(userId: UserId, label: string) {
    const key = newApiKey(random);
    const id = tokenId(key);
    const record: ApiKey = { id, userId, label, hint: keyHint(key), createdAt: clock.now() };
    return { id, key, write: { put: 'apiKeys', record, expect: 'absent' } as const };
  }

  async function listKeys(userId: UserId): Promise<readonly ApiKey[]> {
    const page = await store.page('apiKeys', { index: 'user', where: { userId }, limit: maxKeysPerUser });
    return page.items.map((i) => i.record);
  }

  return {
    async authenticate(credential) {
      const userId = await ownerOf(credential);
      if (userId === null) return null;
      const user = await directory.get(userId);
      return user?.active ? user : null;
    },
    newSession(userId) {
      const token = newSessionToken(random);
      const expiresAt = clock.now() + sessionMs;
      const record = { id: tokenId(token), userId, expiresAt };
      return { token, expiresAt, write: { put: 'sessions', record, expect: 'absent' } };
    },
    async endSession(token) {
      const id = tokenId(token);
      const session = await store.get('sessions', id);
      if (!session) return;
      await store.commit({ writes: [{ remove: 'sessions', id, expect: 'any' }] });
      directory.revoke({ userId: session.record.userId, credential: id, reason: 'signed-out' });
    },
    newKey,
    async createKey(user, label) {
      if ((await listKeys(user.id)).length >= maxKeysPerUser)
        throw new ConcordError('conflict', `You have ${maxKeysPerUser} keys already. Revoke one first.`);
      const made = newKey(user.id, label);
      await store.commit({ writes: [made.write] });
      return { id: made.id, key: made.key };
    },
    listKeys,
    async deleteKey(user, id) {
      const key = await store.get('apiKeys', id);
      if (!key || (key.record.userId !== user.id && user.role !== 'admin'))
        throw new ConcordError('not_found', 'There is no such key of yours.');
      await store.commit({ writes: [{ remove: 'apiKeys', id, expect: 'any' }] });
      directory.revoke({ userId: key.record.userId, credential: id, reason: 'key-revoked' });
    },
    async endOfSessions(userId, keptToken = null) {
      const kept = keptToken === null ? null : tokenId(keptToken);
      const writes: Write[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = await store.page('sessions', { index: 'user', where: { userId }, limit: 500, after });
        for (const { record } of page.items)
          if (record.id !== kept) writes.push({ remove: 'sessions', id: record.id, expect: 'any' });
        after = page.next ?? undefined;
        more = page.next !== null;
      }
      return writes;
    },
  };
}
