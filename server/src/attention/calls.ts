import type { UserId } from '@concord/core/records/ids';
import type { Notification } from '@concord/core/records/notification';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { isPersonLayer } from '@concord/core/rooms/layer';
import type { ClientOp, LogEntry } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import { claimOf } from '@concord/core/workflow/queue';
import type { Write } from '@concord/platform/ports/store';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import { isCallable, mayRead, reviews } from './readers.ts';

/** Whom entries of a room call: what is stored with them, and who hears of it once they stand. */
export interface Called {
  readonly writes: readonly Write[];
  /** To be called when the unit is durable. */
  tell(): void;
}

export interface Calls {
  /** What follows from these entries, the newest of the room as it is `after` them. `task` is the task as it will be then. */
  of(entries: readonly LogEntry[], after: RoomState, task: Task, project: Project): Promise<Called>;
}

const nobody: Called = { writes: [], tell() {} };
type CommentEntry = LogEntry & { readonly op: Extract<ClientOp, { t: 'comment' }> };
const isComment = (entry: LogEntry): entry is CommentEntry => entry.op.t === 'comment';
const calling: ReadonlySet<LogEntry['op']['t']> = new Set(['comment', 'hand', 'submit']);

/** Makes notifications of mentions and replies [RM32], and keeps the list of raised hands beside the log [RM33]. */
export function createCalls(platform: Pick<Platform, 'clock' | 'live'>, people: People): Calls {
  const { clock, live } = platform;

  /** Whom a comment is meant for: who is mentioned, and who began or took part in its thread; never its author. */
  function meantFor(entry: CommentEntry, after: RoomState): Map<UserId, Notification['kind']> {
    const { op, layer, by } = entry;
    const found = new Map<UserId, Notification['kind']>();
    for (const comment of after.layers[layer]?.comments ?? [])
      if (op.parent !== undefined && (comment.id === op.parent || comment.parent === op.parent))
        found.set(comment.by as UserId, 'reply');
    for (const id of op.mentions ?? []) found.set(id, 'mention');
    found.delete(by as UserId);
    return found;
  }

  /** A mention reaches who reviews, or who takes part in this task; anybody else is not told that there is such a task. */
  const takesPart = (user: User, task: Task, after: RoomState): boolean =>
    reviews(user) || claimOf(task, user.id) !== undefined || after.layers[user.id] !== undefined;

  async function notify(entry: CommentEntry, after: RoomState, task: Task, project: Project) {
    const made: { user: User; record: Notification }[] = [];
    for (const [id, kind] of meantFor(entry, after)) {
      const user = await people.getUser(id);
      if (!isCallable(user) || !takesPart(user, task, after)) continue;
      const record: Notification = {
        id: `${task.id}/${entry.layer}/${entry.op.id}/${id}`,
        userId: id,
        kind,
        taskId: task.id,
        projectId: project.id,
        layer: entry.layer,
        comment: entry.op.id,
        by: entry.by as UserId,
        at: entry.at,
        unread: 1,
      };
      made.push({ user, record });
    }
    return made;
  }

  function handWrites(entries: readonly LogEntry[], after: RoomState, task: Task): Write[] {
    const layers = new Set(entries.filter((e) => e.op.t === 'hand').map((e) => e.layer));
    return [...layers].filter(isPersonLayer).map((layer): Write => {
      const id = `${task.id}/${layer}`;
      const hand = after.layers[layer]?.hand ?? null;
      if (hand === null) return { remove: 'hands', id, expect: 'any' };
      const userId = layer as UserId;
      const record = {
        id,
        taskId: task.id,
        projectId: task.projectId,
        userId,
        text: hand.text,
        raisedAt: hand.at,
      };
      return { put: 'hands', record, expect: 'any' };
    });
  }

  return {
    async of(entries, after, task, project) {
      if (!entries.some((entry) => calling.has(entry.op.t))) return nobody;
      const hands = handWrites(entries, after, task);
      const made = (
        await Promise.all(entries.filter(isComment).map((entry) => notify(entry, after, task, project)))
      ).flat();
      // Who submits may see from here on what was hidden from them, calls among it.
      const opened = entries.filter((e) => e.op.t === 'submit').map((e) => e.layer as UserId);
      return {
        writes: [
          ...hands,
          ...made.map(({ record }): Write => ({ put: 'notifications', record, expect: 'any' })),
        ],
        tell() {
          if (hands.length > 0) live.publish({ topic: 'disputes', kind: 'hand' });
          const now = clock.now();
          const reached = made.filter(({ user, record }) => mayRead(user, record.layer, task, project, now));
          for (const userId of new Set([...reached.map(({ user }) => user.id), ...opened]))
            live.publish({ topic: 'notifications', kind: 'notifications', userId });
        },
      };
    },
  };
}
