import { ConcordError } from '@concord/core/errors/concord-error';
import type { PublicUser, User } from '@concord/core/records/user';
import type { Page } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import { createAccounts, type UserInput, type UserPatch } from './accounts.ts';
import { type Credential, type Credentials, createCredentials } from './credentials.ts';
import { createDirectory, normalName, type Revocation, toPublic } from './directory.ts';
import { createInvites, type Invites, type SignedIn } from './invites.ts';
import { createNewPasswords, type NewPasswords } from './new-passwords.ts';
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
  /** The account that labels imported under this name (with the prefix kept for them) belong to; nobody signs in as it. */
  importAccount(name: string, by: User['id']): Promise<User>;
  updateUser(id: string, patch: UserPatch, by: User['id']): Promise<User>;
  listUsers(after: string | undefined, limit: number): Promise<Page<User>>;
  /** By id, cached; null for an id nobody has. */
  getUser(id: string): Promise<User | null>;
  /** By sign-in name; null when nobody has it. */
  findUser(name: string): Promise<User | null>;
  toPublic(user: User): PublicUser;
  createInvite: Invites['create'];
  readInvite: Invites['read'];
  acceptInvite: Invites['accept'];
  listInvites: Invites['list'];
  revokeInvite: Invites['revoke'];
  /**
   * Sets a person's own new password; every other session of theirs ends. Throws `input.invalid` when `current` is not
   * the one they have, `auth.too_many` as signing in does.
   */
  changePassword(
    user: User,
    change: { readonly current: string; readonly next: string },
    from: { readonly sessionToken: string | null; readonly remote: string },
  ): Promise<void>;
  createReset: NewPasswords['createReset'];
  readReset: NewPasswords['readReset'];
  acceptReset: NewPasswords['acceptReset'];
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
  const newPasswords = createNewPasswords(platform, directory, credentials);
  const throttle = createThrottle(platform.clock);

  /** Whether the password is this account's. Slowed down for whoever guesses. */
  async function isRight(
    name: string,
    passwordHash: string | null,
    password: string,
    remote: string,
  ): Promise<boolean> {
    throttle.check(name, remote);
    // Counted before the slow check, so that many guesses at once are not all let through.
    throttle.failed(name, remote);
    return checkPassword(passwordHash, password);
  }

  return {
    async signIn(name, password, remote) {
      const normal = normalName(name);
      const user = await directory.byName(normal);
      const fits = await isRight(normal, user?.passwordHash ?? null, password, remote);
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
    importAccount: (name, by) => accounts.importAccount(name, by),
    updateUser: (id, patch, by) => accounts.update(id, patch, by),
    listUsers: (after, limit) => accounts.list(after, limit),
    getUser: (id) => directory.get(id),
    findUser: (name) => directory.byName(name),
    toPublic,
    createInvite: (input) => invites.create(input),
    readInvite: (token) => invites.read(token),
    acceptInvite: (token, input) => invites.accept(token, input),
    listInvites: (after, limit) => invites.list(after, limit),
    revokeInvite: (id, by) => invites.revoke(id, by),
    async changePassword(user, { current, next }, { sessionToken, remote }) {
      if (!(await isRight(user.name, user.passwordHash, current, remote)))
        throw new ConcordError('input.invalid', 'The current password is not right.', [
          {
            path: 'currentPassword',
            message: 'is not right',
            remedy: 'Type the one you sign in with, or ask an admin for a link to set a new one.',
          },
        ]);
      throttle.succeeded(user.name, remote);
      await newPasswords.change(user.id, next, sessionToken);
    },
    createReset: (userId, by) => newPasswords.createReset(userId, by),
    readReset: (token) => newPasswords.readReset(token),
    acceptReset: (token, password) => newPasswords.acceptReset(token, password),
    createKey: (user, label) => credentials.createKey(user, label),
    listKeys: (userId) => credentials.listKeys(userId),
    deleteKey: (user, id) => credentials.deleteKey(user, id),
    firstRun: () => accounts.firstRun(),
    onRevoked: (listener) => directory.onRevoked(listener),
    onMissed: (listener) => directory.onMissed(listener),
    close: () => directory.close(),
  };
}
