import { ConcordError, isConcordError } from '@concord/core/errors/concord-error';
import type { AuditEntry } from '@concord/core/records/audit';
import type { TaskId } from '@concord/core/records/ids';
import type { Task } from '@concord/core/records/task';
import type { Store, Stored } from '@concord/platform/ports/store';

/** Times a change is tried again when somebody else's came between. Each loser re-reads, so 16 at once settle well within it. */
const attempts = 24;

export type ChangeTask = (
  id: TaskId,
  /** The task as it should be, or null to leave it. Called again with a fresh task after a lost race. */
  change: (task: Task) => Task | null,
  options?: { readonly first?: Stored<Task>; readonly audit?: AuditEntry },
) => Promise<Stored<Task>>;

/**
 * Changes one task by compare-and-set. Changes to the same task from this node wait for each other, so that only
 * other nodes can be in the way. Durable when it returns. Throws `not_found`, and `conflict` after too many lost races.
 */
export function createChangeTask(store: Store, changed: (task: Task) => void): ChangeTask {
  const lanes = new Map<TaskId, Promise<unknown>>();

  async function attempt(
    id: TaskId,
    change: (task: Task) => Task | null,
    options: { readonly first?: Stored<Task>; readonly audit?: AuditEntry },
  ): Promise<Stored<Task>> {
    let current = options.first ?? (await store.get('tasks', id));
    for (let n = 0; n < attempts; n += 1) {
      if (current === null) throw new ConcordError('not_found', `There is no task ${id}.`);
      const next = change(current.record);
      if (next === null) return current;
      try {
        await store.commit({
          writes: [
            { put: 'tasks', record: next, expect: current.rev },
            ...(options.audit ? [{ put: 'audit', record: options.audit, expect: 'absent' } as const] : []),
          ],
        });
        changed(next);
        return { record: next, rev: current.rev + 1 };
      } catch (error) {
        if (!isConcordError(error, 'conflict')) throw error;
        current = await store.get('tasks', id);
      }
    }
    throw new ConcordError('conflict', 'Too many people changed this task at once. Try again.');
  }

  return async (id, change, options = {}) => {
    const before = lanes.get(id);
    // A task read before somebody else's change in the lane is stale; the lane reads it again.
    const run =
      before === undefined
        ? attempt(id, change, options)
        : before.then(
            () => attempt(id, change, options.audit ? { audit: options.audit } : {}),
            () => attempt(id, change, options.audit ? { audit: options.audit } : {}),
          );
    lanes.set(id, run);
    try {
      return await run;
    } finally {
      if (lanes.get(id) === run) lanes.delete(id);
    }
  };
}
