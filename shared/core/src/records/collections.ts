import type { Asset } from './asset.ts';
import type { AuditEntry } from './audit.ts';
import type { Exposure } from './exposure.ts';
import type { Finalization } from './finalization.ts';
import type { Hand } from './hand.ts';
import type { IdempotencyRecord } from './idempotency.ts';
import type { ImportJob } from './import.ts';
import type { Model } from './model.ts';
import type { Lease, Node } from './node.ts';
import type { Notification } from './notification.ts';
import type { Project } from './project.ts';
import type { Submission } from './submission.ts';
import type { Task } from './task.ts';
import type { ApiKey, Invite, PasswordReset, Session, User } from './user.ts';

/** What the store holds, by collection. Every record has an `id`, unique in its collection. */
export interface Collections {
  users: User;
  sessions: Session;
  apiKeys: ApiKey;
  invites: Invite;
  passwordResets: PasswordReset;
  projects: Project;
  assets: Asset;
  tasks: Task;
  submissions: Submission;
  finalizations: Finalization;
  models: Model;
  imports: ImportJob;
  audit: AuditEntry;
  idempotency: IdempotencyRecord;
  exposures: Exposure;
  hands: Hand;
  notifications: Notification;
  nodes: Node;
  leases: Lease;
}
export type CollectionName = keyof Collections;

/**
 * The indexes every store adapter keeps. Fields are top-level scalars of the record, in order;
 * the id follows as tie-breaker. `unique` indexes refuse a second record with equal fields.
 */
export const collections = {
  users: { indexes: { name: { fields: ['name'], unique: true } } },
  sessions: { indexes: { user: { fields: ['userId'] } } },
  apiKeys: { indexes: { user: { fields: ['userId'] } } },
  invites: { indexes: { created: { fields: ['createdAt'] } } },
  passwordResets: { indexes: { user: { fields: ['userId'] } } },
  projects: { indexes: { created: { fields: ['createdAt'] } } },
  assets: { indexes: { seq: { fields: ['projectId', 'seq'] } } },
  tasks: {
    indexes: {
      seq: { fields: ['projectId', 'seq'], unique: true },
      queue: { fields: ['projectId', 'queue', 'rank', 'seq'] },
      state: { fields: ['projectId', 'state', 'seq'] },
      disputes: { fields: ['state', 'disputedAt'] },
      lease: { fields: ['leaseUntil'] },
    },
  },
  submissions: {
    indexes: {
      task: { fields: ['projectId', 'taskSeq', 'at'] },
      state: { fields: ['projectId', 'taskSeq', 'state', 'at'] },
      user: { fields: ['projectId', 'userId', 'at'] },
    },
  },
  finalizations: {
    indexes: {
      task: { fields: ['projectId', 'taskSeq', 'revision'] },
      time: { fields: ['projectId', 'at'] },
    },
  },
  models: { indexes: { project: { fields: ['projectId'] } } },
  imports: { indexes: { project: { fields: ['projectId', 'startedAt'] } } },
  audit: { indexes: { time: { fields: ['at'] } } },
  idempotency: { indexes: { expiry: { fields: ['expiresAt'] } } },
  exposures: { indexes: {} },
  hands: { indexes: { time: { fields: ['raisedAt'] } } },
  notifications: {
    indexes: { user: { fields: ['userId', 'at'] }, unread: { fields: ['userId', 'unread', 'at'] } },
  },
  nodes: { indexes: { started: { fields: ['startedAt'] } } },
  leases: { indexes: {} },
} as const satisfies {
  [C in CollectionName]: {
    indexes: Record<string, { fields: readonly (keyof Collections[C] & string)[]; unique?: boolean }>;
  };
};
export type IndexName<C extends CollectionName> = keyof (typeof collections)[C]['indexes'] & string;
