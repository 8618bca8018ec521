import { z } from 'zod';
import { instant, userId } from './ids.ts';

/** What a person or program may do, least first. `model` takes part with suggestions, `consumer` reads streams and exports. */
export const role = z.enum(['annotator', 'super-reviewer', 'lead', 'admin', 'model', 'consumer']);
export type Role = z.infer<typeof role>;

export const user = z.strictObject({
  id: userId,
  /** Sign-in name, unique, lower case. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._@+-]{1,63}$/, 'use 2–64 lower-case letters, digits, . _ @ + or -'),
  display: z.string().min(1).max(80),
  role,
  active: z.boolean(),
  /** argon2id, encoded with its parameters; null for programs, which only have keys. */
  passwordHash: z.string().nullable(),
  color: z.string(),
  createdAt: instant,
});
export type User = z.infer<typeof user>;

/** What others may know of a user. */
export const publicUser = user.omit({ passwordHash: true, createdAt: true });
export type PublicUser = z.infer<typeof publicUser>;

/** A signed-in browser. The id is the SHA-256 of the cookie's token, so the store alone signs nobody in. */
export const session = z.strictObject({ id: z.string(), userId, expiresAt: instant });
export type Session = z.infer<typeof session>;

/** A program's credential. The id is the SHA-256 of the key. */
export const apiKey = z.strictObject({
  id: z.string(),
  userId,
  label: z.string().max(80),
  hint: z.string(),
  createdAt: instant,
});
export type ApiKey = z.infer<typeof apiKey>;

/** A link that lets one person in with a role. The id is the SHA-256 of its token. */
export const invite = z.strictObject({
  id: z.string(),
  role,
  label: z.string().max(80),
  createdBy: userId.nullable(),
  createdAt: instant,
  expiresAt: instant,
  usedBy: userId.nullable(),
});
export type Invite = z.infer<typeof invite>;

/** A link with which one person sets a new password, once. The id is the SHA-256 of its token; it is removed by its use. */
export const passwordReset = z.strictObject({
  id: z.string(),
  userId,
  createdBy: userId.nullable(),
  createdAt: instant,
  expiresAt: instant,
});
export type PasswordReset = z.infer<typeof passwordReset>;
