import { ConcordError } from '@concord/core/errors/concord-error';
import type { PublicUser, User } from '@concord/core/records/user';
import type { Page } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import { createAccounts, type UserInput, type UserPatch } from './accounts.ts';
import { type Credential, type Credentials, createCredentials } from './credentials.ts';
import { createDirectory, normalName, type Revocation, toPublic } from './directory.ts';
import { createInvites, type InviteInput, type Invites, type SignedIn } from './invites.ts';
import { checkPassword } from './passwords.ts';
import { createThrottle } from './throttle.ts';

/** Who people and programs are, and how they prove it. */
export interface People {
  /**
   * Signs a person in by name and password. Throws `auth.wrong` without saying which of the two was wrong (and in the
   * same time), `auth.too_many` after many failures of the name or of the remote address.
   */
  signIn(name: string, password: string, remote: string): Promise<SignedIn>;
  signOut(sessionToken: string): Promise<void>;
  /** The active user a session token or API key belongs to, or null. */
  authenticate(credential: Credential): Promise<User | null>;
  /** Adds a user; the key is shown this once. `by` is who did it, for the audit. */
  createUser(
    input: UserInput,
    by?: User['id'] | null,
  ): Promise<{ readonly user: User; readonly key: string }>;
  updateUser(id: string, patch: UserPatch, by: User['id']): Promise<User>;
  listUsers(after: string | undefined, limit: number): Promise<Page<User>>;
  /** By id, cached; null for an id nobody has. */
  getUser(id: string): Promise<User | null>;
  /** By sign-in name; null when nobody has it. */
  findUser(name: string): Promise<User | null>;
  toPublic(user: User): PublicUser;
  createInvite(input: InviteInput): Promise<{ readonly token: string; readonly expiresAt: number }>;
  readInvite: Invites['read'];
  acceptInvite: Invites['accept'];
  createKey: Credentials['createKey'];
  listKeys: Credentials['listKeys'];
  deleteKey: Credentials['deleteKey'];
  /** True while there is no active admin. */
  firstRun(): Promise<boolean>;
  /** Called on this node when credentials stop working on any node, or a role changes: sockets must go. */
  onRevoked(listener: (what: Revocation) => void): () => void;
  /** Called when a revocation on another node may have gone unheard: who is here is to be asked again. */
  onMissed(listener: () => void): () => void;
  close(): void;
}

export function createPeople(platform: Platform): People {
  const directory = createDirectory(platform);
  const credentials = createCredentials(platform, directory);
  const accounts = createAccounts(platform, directory, credentials);
  const invites = createInvites(platform, accounts, credentials);
  const throttle = createThrottle(platform.clock);

  return {
    async signIn(name, password, remote) {
      const normal = normalName(name);
      throttle.check(normal, remote);
      // Counted before the slow check, so that many guesses at once are not all let through.
      throttle.failed(normal, remote);
      const user = await directory.byName(normal);
      const fits = await checkPassword(user?.passwordHash ?? null, password);
      if (!user || !fits || !user.active)
        throw new ConcordError('auth.wrong', 'The name or the password is not right.');
      throttle.succeeded(normal, remote);
      const session = credentials.newSession(user.id);
      await platform.store.commit({ writes: [session.write] });
      return { user, token: session.token, expiresAt: session.expiresAt };
    },
    signOut: (token) => credentials.endSession(token),
    authenticate: (credential) => credentials.authenticate(credential),
    createUser: (input, by = null) => accounts.create(input, by),
    updateUser: (id, patch, by) => accounts.update(id, patch, by),
    listUsers: (after, limit) => accounts.list(after, limit),
    getUser: (id) => directory.get(id),
    findUser: (name) => directory.byName(name),
    toPublic,
    createInvite: (input) => invites.create(input),
    readInvite: (token) => invites.read(token),
    acceptInvite: (token, input) => invites.accept(token, input),
    createKey: (user, label) => credentials.createKey(user, label),
    listKeys: (userId) => credentials.listKeys(userId),
    deleteKey: (user, id) => credentials.deleteKey(user, id),
    firstRun: () => accounts.firstRun(),
    onRevoked: (listener) => directory.onRevoked(listener),
    onMissed: (listener) => directory.onMissed(listener),
    close: () => directory.close(),
  };
}
