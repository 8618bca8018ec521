import { z } from 'zod';
import { instant } from './ids.ts';

/** The answer of one call that came with an `Idempotency-Key`, so that the same call again gets it instead of a second effect. */
export const idempotencyRecord = z.strictObject({
  /** SHA-256 of caller, route and key. */
  id: z.string(),
  /** SHA-256 of what was asked, so that one key is not used for two different calls. */
  fingerprint: z.string(),
  /** Null while the first call still runs. */
  answer: z
    .strictObject({
      status: z.number().int(),
      body: z.unknown(),
      headers: z.record(z.string(), z.string()),
    })
    .nullable(),
  expiresAt: instant,
});
export type IdempotencyRecord = z.infer<typeof idempotencyRecord>;
