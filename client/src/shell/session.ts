import type { PublicUser } from '@concord/core/records/user';
import { createSignal } from 'solid-js';
import { call, whenSignedOut } from '../api/index.ts';
import { type Ability, may } from '../lib/permissions.ts';

/** `undefined` until the server said who is signed in; null for nobody. */
const [user, setUser] = createSignal<PublicUser | null | undefined>(undefined);
const [bootError, setBootError] = createSignal<unknown>(null);

export const currentUser = user;
/** Why it could not be found out who is signed in, or null. */
export const sessionError = bootError;

/** The person signed in. For use inside the guarded part of the app, where there is always one. */
export function me(): PublicUser {
  const person = user();
  if (!person) throw new Error('nobody is signed in');
  return person;
}
export function iMay(ability: Ability): boolean {
  return may(user()?.role, ability);
}

export async function loadSession(): Promise<void> {
  setBootError(null);
  try {
    setUser((await call('session.get')).user);
  } catch (error) {
    setBootError(error);
  }
}
export async function signIn(name: string, password: string): Promise<void> {
  setUser((await call('session.create', { body: { name, password } })).user);
}
export async function acceptInvite(
  token: string,
  body: { name: string; display: string; password: string },
): Promise<void> {
  setUser((await call('invites.accept', { params: { invite: token }, body })).user);
}
/** Sets a new password with an administrator's link. */
export async function acceptReset(token: string, password: string): Promise<void> {
  setUser((await call('resets.accept', { params: { token }, body: { password } })).user);
}
/** Ends the session; a page load follows, so that nothing of this person stays in memory. */
export async function signOut(): Promise<void> {
  await call('session.delete');
  location.assign('/signin');
}

whenSignedOut(() => setUser(null));
