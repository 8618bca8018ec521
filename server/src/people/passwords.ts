import { hash, verify } from '@node-rs/argon2';

/** argon2id as OWASP advises: 19 MiB, two passes, one lane. The library works off the main thread. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash of a password nobody has, with the same cost: checking an unknown name takes as long as a known one. */
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$9+JNHvF3ycD/DDjKsqE06g$0EblpMT5jNxjegt1Lp6A99eX7iKbZVejkFSNOpUcxhM';

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Whether the password fits. A null hash (unknown name, or a program without a password) takes the same time and never fits. */
export async function checkPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const fits = await verify(passwordHash ?? nobody, password);
  return fits && passwordHash !== null;
}
