import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { Annotation } from '@concord/core/records/annotation';
import type { TaskId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import type { LogEntry } from '@concord/core/rooms/op';
import type { VirtualClock } from '@concord/platform/testing/clock-virtual';
import type { RoomSession } from '../../client/src/session/session.ts';
import type { Ledger } from './ledger.ts';
import type { Link } from './link.ts';
import type { ServerLife } from './server-life.ts';
import type { Trace } from './trace.ts';

/** What one knows of an item from outside: the asset, and what is right. */
export interface SimItem {
  readonly task: Task;
  readonly facts: AssetFacts;
  readonly truth: Annotation;
}

/** Everything of one task as the store has it at the end. */
export interface TaskHistory {
  readonly log: readonly LogEntry[];
  /** All submissions, those that were superseded or withdrawn too. */
  readonly submissions: readonly Submission[];
}

/** Somebody in a room, as long as their page is open. */
export interface Stay {
  readonly user: User;
  readonly mode: 'annotate' | 'review';
  readonly session: RoomSession;
}

/** What actors may touch of the simulated world. */
export interface SimWorld {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly ledger: Ledger;
  readonly project: Project;
  readonly modality: Modality;
  readonly items: ReadonlyMap<TaskId, SimItem>;
  /** Null while the server is down. */
  readonly server: () => ServerLife | null;
  /** True once no more faults are made and actors finish what there is. */
  readonly calm: () => boolean;
  /** Annotators whom the queue has nothing for; they go home together. */
  readonly idle: Set<string>;
  readonly annotators: number;
  /** People in rooms at this moment. */
  readonly stays: Set<Stay>;
  link(user: User): Link;
  /** Resolves after `ms`, later while the world is held for a look. */
  sleep(ms: number): Promise<void>;
  /** The outcome; null when there is none within `ms`, or when it is a refusal. */
  within<T>(work: Promise<T>, ms: number): Promise<T | null>;
}
