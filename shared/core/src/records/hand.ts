import { z } from 'zod';
import { instant, projectId, taskId, userId } from './ids.ts';

/** A raised hand, for the reviewers' list; it is gone when the hand is down. The room's log is the truth of it. */
export const hand = z.strictObject({
  /** `<task>/<user>`. */
  id: z.string(),
  taskId,
  projectId,
  userId,
  text: z.string().max(500),
  raisedAt: instant,
});
export type Hand = z.infer<typeof hand>;
