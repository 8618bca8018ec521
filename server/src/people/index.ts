export type { UserInput, UserPatch } from './accounts.ts';
export { audit, auditWrite } from './audit.ts';
export { clearSessionCookie, readSessionCookie, sessionCookie, setSessionCookie } from './cookie.ts';
export { type Credential, credentialId } from './credentials.ts';
export { type Revocation, toPublic } from './directory.ts';
export { type PeopleOptions, peopleHandlers } from './handlers.ts';
export type { InviteInput, NewLink, SignedIn } from './invites.ts';
export { createPeople, type People } from './people.ts';
