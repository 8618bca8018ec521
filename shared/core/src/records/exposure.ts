import { z } from 'zod';
import { instant, type ProjectId, projectId, type UserId, userId } from './ids.ts';

/** Somebody was given everybody's labels of a project at once. Noted once for all its tasks, whose logs it reaches when it matters. */
export const exposure = z.strictObject({
  /** `<project>/<user>`. */
  id: z.string(),
  projectId,
  userId,
  /** When they were given some of it last. */
  at: instant,
});
export type Exposure = z.infer<typeof exposure>;

/** What was written so long after an exposure was noted may still have been given with it: it is noted again well before. */
export const EXPOSED_FOR_MS = 60_000;

export const exposureId = (project: ProjectId, user: UserId): string => `${project}/${user}`;
