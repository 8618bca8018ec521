import { z } from 'zod';
import { instant, userId } from './ids.ts';

/** Who did what, for actions that change people, rules or settled data. */
export const auditEntry = z.strictObject({
  id: z.string(),
  at: instant,
  userId: userId.nullable(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntry>;
