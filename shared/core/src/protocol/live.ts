import { z } from 'zod';
import type { ImportJob } from '../records/import.ts';
import type { DisputeItem, ProjectSummary } from './resources.ts';
import type { Reply } from './rooms.ts';

/**
 * Namespace /live: lists that move by themselves. A client subscribes to topics and gets `live:update` messages:
 * `projects` (lead), `project:<id>` (its summary; annotators get theirs without quality figures), `disputes` (super-reviewer:
 * disputes and raised hands), `imports:<project>` (lead), `datasets:<project>` (lead), `rooms` (models: rooms that opened
 * without a suggestion), `notifications` (one's own).
 */
export const liveSubscribe = z.strictObject({
  topics: z.array(z.string().regex(/^[a-z]+(:[A-Za-z0-9_-]+)?$/)).max(50),
});

export type LiveUpdate =
  | { readonly topic: string; readonly kind: 'project'; readonly project: ProjectSummary }
  | {
      readonly topic: string;
      readonly kind: 'dispute';
      readonly change: 'opened' | 'closed';
      readonly dispute: DisputeItem;
    }
  /** A hand was raised or lowered: read `GET /hands` again, which holds what the caller may know. */
  | { readonly topic: string; readonly kind: 'hand' }
  /** There is something new for this person: read `GET /notifications` again. Reaches nobody else. */
  | { readonly topic: 'notifications'; readonly kind: 'notifications'; readonly userId: string }
  | { readonly topic: string; readonly kind: 'import'; readonly job: ImportJob }
  | { readonly topic: string; readonly kind: 'dataset'; readonly projectId: string; readonly commit: string }
  | {
      readonly topic: string;
      readonly kind: 'room-opened';
      readonly taskId: string;
      readonly projectId: string;
    };

export interface ServerToLive {
  'live:update': (message: LiveUpdate) => void;
  /** Updates may have been lost between the server's nodes: read the lists once more. */
  'live:missed': () => void;
}
export interface LiveToServer {
  'live:subscribe': (
    message: z.infer<typeof liveSubscribe>,
    reply: (r: Reply<{ topics: readonly string[] }>) => void,
  ) => void;
  'live:unsubscribe': (message: z.infer<typeof liveSubscribe>, reply: (r: Reply<object>) => void) => void;
}
