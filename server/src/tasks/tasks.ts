import type { ProjectId, TaskId, UserId } from '@concord/core/records/ids';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import type { Stored } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import { type AddTasks, createAddTasks } from './add-tasks.ts';
import { type ChangeTask, createChangeTask } from './change-task.ts';
import { createClaims } from './claims.ts';
import { createCursors } from './cursors.ts';
import type { ProjectSource } from './needs.ts';
import { createReranker } from './rerank.ts';
import { createSweeper } from './sweeper.ts';

/** The queue: who gets which task, and for how long. */
export interface Tasks {
  /**
   * Claims a task that this person has not done: the one they hold already, else the first of the queue that is
   * for them. `not` names a task they do not want now. Throws `queue.empty` when there is none.
   */
  next(user: User, projectId: ProjectId, not?: string): Promise<Stored<Task>>;
  /**
   * Keeps or makes the caller's active claim on one task; who has submitted keeps that claim and gets the task back.
   * Throws `not_found`, and `conflict` when as many as are wanted work on it or it is closed.
   */
  claim(user: User, taskId: TaskId): Promise<Stored<Task>>;
  /** Lengthens the caller's lease; answers with its end. Throws `conflict` when the claim is gone. Cheap to call often. */
  extend(userId: UserId, taskId: TaskId): Promise<number>;
  /** Gives an active claim back; with `until` only one that still ends then, and was not renewed. Else nothing happens. */
  release(userId: UserId, taskId: TaskId, until?: number): Promise<void>;
  /** Gives an active claim back for good: this task does not come to this person again by itself. */
  skip(userId: UserId, taskId: TaskId, reason: string): Promise<void>;
  /** To be called after a new version of a task was committed elsewhere, so that everybody's place in the queue stays right. */
  changed(task: Task): void;
  readonly add: AddTasks;
  /** Changes one task by compare-and-set with retries, and tells the queue. */
  readonly change: ChangeTask;
  /** Returns ended leases to the queue at once; it happens by itself every two seconds. */
  sweep(): Promise<number>;
  /** Resolves when changed rules have reached every open task. */
  reranked(): Promise<void>;
  close(): Promise<void>;
}

/** Between nodes: who holds a task now, a task became free for somebody, or a project has a new order. */
type News =
  | { readonly kind: 'held'; readonly p: ProjectId; readonly task: TaskId; readonly by: readonly UserId[] }
  | { readonly kind: 'freed'; readonly p: ProjectId; readonly r: number; readonly not: readonly string[] }
  | { readonly kind: 'ordered'; readonly p: ProjectId };
const channel = 'queue';

/** Starts returning ended leases at once; `close` ends that. */
export function createTasks(platform: Platform, projects: ProjectSource): Tasks {
  const { clock, fanout } = platform;
  const cursors = createCursors();

  function tell(news: News): void {
    fanout.publish(channel, JSON.stringify(news));
  }
  function hear(message: string): void {
    const news = JSON.parse(message) as News;
    if (news.kind === 'ordered') cursors.reset(news.p);
    else if (news.kind === 'freed') cursors.freed(news.p, news.r, new Set(news.not));
    else if (news.kind === 'held') cursors.held(news.p, news.task, new Set(news.by));
  }
  const unsubscribe = fanout.subscribe(channel, hear, cursors.forget);

  function changed(task: Task): void {
    cursors.changed(task, clock.now());
    const { projectId: p, id, claims } = task;
    const by = claims.filter(({ state }) => task.state === 'open' && state === 'active');
    tell({ kind: 'held', p, task: id, by: by.map(({ userId }) => userId) });
    if (task.queue === 1) tell({ kind: 'freed', p, r: task.rank, not: claims.map((c) => c.userId) });
  }

  /** Of many new tasks other nodes need to hear only where the first one stands. */
  function added(tasks: readonly Task[]): void {
    const now = clock.now();
    let first: Task | undefined;
    for (const task of tasks) {
      cursors.changed(task, now);
      if (task.queue === 1 && (first === undefined || task.rank < first.rank)) first = task;
    }
    if (first !== undefined) tell({ kind: 'freed', p: first.projectId, r: first.rank, not: [] });
  }

  const change = createChangeTask(platform.store, changed);
  const claims = createClaims(platform, projects, cursors, change);
  const sweeper = createSweeper(platform, projects, changed);
  const reranker = createReranker(platform, projects, (projectId) => {
    cursors.reset(projectId);
    tell({ kind: 'ordered', p: projectId });
  });
  return {
    ...claims,
    changed,
    change,
    add: createAddTasks(platform, projects, added),
    sweep: sweeper.sweep,
    reranked: reranker.settled,
    async close() {
      unsubscribe();
      await Promise.all([sweeper.stop(), reranker.stop()]);
    },
  };
}
