import { ConcordError, isConcordError } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import type { UserId } from '@concord/core/records/ids';
import { type Role, type User, user as userSchema } from '@concord/core/records/user';
import type { Page, Stored, Write } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import { auditWrite } from './audit.ts';
import { colorOf } from './colors.ts';
import type { Credentials } from './credentials.ts';
import { type Directory, normalName } from './directory.ts';
import { hashPassword } from './passwords.ts';

export interface UserInput {
  readonly name: string;
  readonly display?: string | undefined;
  readonly role: Role;
  readonly password?: string | undefined;
}

export interface UserPatch {
  readonly role?: Role | undefined;
  readonly display?: string | undefined;
  readonly active?: boolean | undefined;
}

/** Accounts of people and programs. */
export interface Accounts {
  /** Adds a user with one API key, shown this once. Throws `conflict` for a taken name, `input.invalid` for a bad one. */
  create(input: UserInput, by: UserId | null): Promise<{ readonly user: User; readonly key: string }>;
  /** Changes role, name or whether they may sign in. Throws `conflict` rather than leave Concord without an active admin. */
  update(id: string, patch: UserPatch, by: UserId): Promise<User>;
  list(after: string | undefined, limit: number): Promise<Page<User>>;
  /** True while nobody can administer: the first start. */
  firstRun(): Promise<boolean>;
  /** A checked record for a new account; not yet written. */
  draft(input: UserInput): Promise<User>;
  /** Commits a new account's unit, naming the field when the name is taken. */
  commitNew(user: User, writes: readonly Write[]): Promise<void>;
}

export function createAccounts(platform: Platform, directory: Directory, credentials: Credentials): Accounts {
  const { store, clock, random } = platform;

  async function otherAdmin(except: string | null): Promise<Stored<User> | null> {
    let after: string | undefined;
    do {
      const page = await store.page('users', { index: 'name', limit: 500, after });
      const found = page.items.find(
        (u) => u.record.role === 'admin' && u.record.active && u.record.id !== except,
      );
      if (found) return found;
      after = page.next ?? undefined;
    } while (after !== undefined);
    return null;
  }

  async function draft(input: UserInput): Promise<User> {
    const number = await store.reserve('users/created', 1);
    return parseInput(
      userSchema,
      {
        id: `usr_${random.token(12)}`,
        name: normalName(input.name),
        display: input.display ?? input.name.trim(),
        role: input.role,
        active: true,
        passwordHash: input.password === undefined ? null : await hashPassword(input.password),
        color: colorOf(number),
        createdAt: clock.now(),
      },
      'user',
    );
  }

  async function commitNew(user: User, writes: readonly Write[]): Promise<void> {
    if (await directory.byName(user.name)) throw nameTaken(user.name);
    try {
      await store.commit({ writes: [{ put: 'users', record: user, expect: 'absent' }, ...writes] });
    } catch (error) {
      if (isConcordError(error, 'conflict') && (await directory.byName(user.name)))
        throw nameTaken(user.name);
      throw error;
    }
  }

  return {
    draft,
    commitNew,
    async create(input, by) {
      const user = await draft(input);
      const key = credentials.newKey(user.id, 'first key');
      const entry = auditWrite(platform, by, 'user.created', user.id, { name: user.name, role: user.role });
      await commitNew(user, [key.write, entry]);
      return { user, key: key.key };
    },
    async update(id, patch, by) {
      const stored = await directory.stored(id);
      if (!stored) throw new ConcordError('not_found', `There is no user ${id}.`);
      const before = stored.record;
      const after: User = {
        ...before,
        role: patch.role ?? before.role,
        display: patch.display ?? before.display,
        active: patch.active ?? before.active,
      };
      const writes: Write[] = [{ put: 'users', record: after, expect: stored.rev }];
      if (before.role === 'admin' && before.active && !(after.role === 'admin' && after.active)) {
        const other = await otherAdmin(before.id);
        if (!other)
          throw new ConcordError('conflict', 'This is the last admin. Make somebody else an admin first.');
        // Writing the other admin too makes two admins who demote each other at once collide.
        writes.push({ put: 'users', record: other.record, expect: other.rev });
      }
      writes.push(auditWrite(platform, by, 'user.updated', before.id, { ...patch }));
      if (before.active && !after.active) writes.push(...(await credentials.endOfSessions(before.id)));
      await store.commit({ writes });
      directory.changed(before.id);
      if (before.active && !after.active) {
        directory.revoke({ userId: before.id, credential: null, reason: 'disabled' });
      } else if (before.role !== after.role) {
        directory.revoke({ userId: before.id, credential: null, reason: 'role' });
      }
      return after;
    },
    list: (after, limit) => store.page('users', { index: 'name', after, limit }),
    async firstRun() {
      return (await otherAdmin(null)) === null;
    },
  };
}

function nameTaken(name: string): ConcordError {
  return new ConcordError('conflict', `The name ${name} is taken.`, [
    { path: 'name', message: 'is taken', value: name, remedy: 'Choose another name.' },
  ]);
}
