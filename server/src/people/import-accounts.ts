import type { User } from '@concord/core/records/user';

/** What names of accounts begin with that keep imported labels. */
export const IMPORT_PREFIX = 'ls-';

export const isImportName = (name: string): boolean => name.startsWith(IMPORT_PREFIX);

/** Whether this account only keeps imported labels. One of this name that somebody can sign in with is somebody's. */
export const isImportAccount = (user: User): boolean =>
  isImportName(user.name) && !user.active && user.passwordHash === null;
