import { ConcordError } from '@concord/core/errors/concord-error';
import type { Route } from '@concord/core/protocol/routes';
import type { User } from '@concord/core/records/user';

/** Refuses a caller whom the route's row in the table does not name. Admins may call everything. */
export function authorise(access: Route['access'], user: User | null, triedCredential: boolean): void {
  if (access === 'public') return;
  if (user === null)
    throw triedCredential
      ? new ConcordError('auth.wrong', 'This session or key is not valid (any more). Sign in again.')
      : new ConcordError('auth.required', 'Sign in, or send an API key as `Authorization: Bearer …`.');
  if (access === 'signed-in' || user.role === 'admin' || access.includes(user.role)) return;
  const allowed = [...access, 'admin'].join(', ');
  throw new ConcordError('auth.forbidden', `This needs the role ${allowed}; you are ${user.role}.`);
}
