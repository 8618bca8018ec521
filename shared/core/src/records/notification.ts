import { z } from 'zod';
import { instant, layerId, projectId, taskId, userId } from './ids.ts';

/**
 * A comment that is meant for somebody. It holds no words of it: those are read in the room, where being shown them
 * is noted. Whether its person may know of it is asked anew whenever it is read.
 */
export const notification = z.strictObject({
  /** `<task>/<layer>/<comment>/<user>`: the same comment written twice tells once. */
  id: z.string(),
  userId,
  kind: z.enum(['mention', 'reply']),
  taskId,
  projectId,
  layer: layerId,
  comment: z.string(),
  by: userId,
  at: instant,
  /** 1 until its person read it: a field of an index. */
  unread: z.union([z.literal(0), z.literal(1)]),
});
export type Notification = z.infer<typeof notification>;
