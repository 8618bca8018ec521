import type { UserId } from '@concord/core/records/ids';
import type { PublicUser, User } from '@concord/core/records/user';
import type { Stored } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';

const channel = 'people';
/** How long another node's change may go unnoticed when its message was lost. */
const maxAgeMs = 10_000;

/** What stopped being valid: all of a user's credentials (`credential` null), or one session or key by its id. */
export interface Revocation {
  readonly userId: UserId;
  readonly credential: string | null;
  readonly reason: 'disabled' | 'role' | 'password' | 'signed-out' | 'key-revoked';
}

/** What the other nodes are told. */
type News = { readonly changed: UserId } | { readonly revoked: Revocation };

/** The users by id, cached, and the news of what changed about them on any node. */
export interface Directory {
  /** Null for an id nobody has. */
  get(id: string): Promise<User | null>;
  /** The record with its revision, read afresh: for changing it. */
  stored(id: string): Promise<Stored<User> | null>;
  byName(name: string): Promise<User | null>;
  /** A user was written: forget the cached one, here and on the other nodes. */
  changed(id: UserId): void;
  /** Tells this node's listeners and the other nodes. */
  revoke(what: Revocation): void;
  onRevoked(listener: (what: Revocation) => void): () => void;
  /** News of other nodes may have been lost: whatever was held is forgotten. */
  onMissed(listener: () => void): () => void;
  close(): void;
}

/** Sign-in names are lower case; what people type is made so. */
export function normalName(name: string): string {
  return name.trim().toLowerCase();
}

export function toPublic(user: User): PublicUser {
  const { passwordHash: _hash, createdAt: _at, ...rest } = user;
  return rest;
}

export function createDirectory(platform: Platform): Directory {
  const { store, clock, fanout } = platform;
  const cache = new Map<string, { readonly user: User; readonly at: number }>();
  const listeners = new Set<(what: Revocation) => void>();
  const missed = new Set<() => void>();

  function remember(user: User): User {
    if (cache.size >= 5000) cache.clear();
    cache.set(user.id, { user, at: clock.now() });
    return user;
  }

  function tell(what: Revocation): void {
    cache.delete(what.userId);
    for (const listener of listeners) listener(what);
  }

  function hear(message: string): void {
    const news = JSON.parse(message) as News;
    if ('changed' in news) cache.delete(news.changed);
    else tell(news.revoked);
  }
  const unsubscribe = fanout.subscribe(channel, hear, () => {
    cache.clear();
    for (const listener of missed) listener();
  });

  return {
    async get(id) {
      const known = cache.get(id);
      if (known && clock.now() - known.at < maxAgeMs) return known.user;
      const stored = await store.get('users', id);
      return stored ? remember(stored.record) : null;
    },
    stored: (id) => store.get('users', id),
    async byName(name) {
      const page = await store.page('users', { index: 'name', where: { name: normalName(name) }, limit: 1 });
      const found = page.items[0];
      return found ? remember(found.record) : null;
    },
    changed(id) {
      cache.delete(id);
      fanout.publish(channel, JSON.stringify({ changed: id } satisfies News));
    },
    revoke(what) {
      tell(what);
      fanout.publish(channel, JSON.stringify({ revoked: what } satisfies News));
    },
    onRevoked(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onMissed(listener) {
      missed.add(listener);
      return () => {
        missed.delete(listener);
      };
    },
    close: unsubscribe,
  };
}
