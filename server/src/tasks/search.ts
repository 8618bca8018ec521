import type { ProjectId } from '@concord/core/records/ids';
import type { Task } from '@concord/core/records/task';
import type { Store, Stored } from '@concord/platform/ports/store';
import { type Cursor, type StretchIndex, stretches } from './cursors.ts';

/** What a look at one task says: take it, it is not for this person, or it is but not now (`not`, in flight). */
export type Verdict = 'take' | 'not-mine' | 'later';

/** Rows looked at in one call before a stretch is left for the next call to go on with. */
const budgetRows = 400;
const firstPage = 16;
const laterPage = 200;

/**
 * Walks the queue from the person's cursor and offers tasks in order until `take` accepts one.
 * The cursor follows over what is not theirs. Returns null with `complete` when both stretches were seen to
 * their ends; without `complete` there is more to see than one call's budget.
 */
export async function searchQueue(
  store: Store,
  projectId: ProjectId,
  cursor: Cursor,
  look: (task: Stored<Task>) => Verdict,
  take: (task: Stored<Task>) => Promise<Stored<Task> | null>,
): Promise<{ readonly found: Stored<Task> | null; readonly complete: boolean }> {
  let complete = true;
  for (const stretch of [0, 1] as const) {
    const result = await searchStretch(store, projectId, cursor, stretch, look, take);
    if (result.found !== null) return { found: result.found, complete: false };
    complete &&= result.complete;
  }
  return { found: null, complete };
}

async function searchStretch(
  store: Store,
  projectId: ProjectId,
  cursor: Cursor,
  stretch: StretchIndex,
  look: (task: Stored<Task>) => Verdict,
  take: (task: Stored<Task>) => Promise<Stored<Task> | null>,
): Promise<{ found: Stored<Task> | null; complete: boolean }> {
  const { to } = stretches[stretch];
  const search = {
    lowered: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number],
  };
  cursor.searches.add(search);
  // The cursor only moves over an unbroken run of tasks that are not this person's.
  let passed = cursor.at[stretch];
  let unbroken = true;
  try {
    const from = cursor.at[stretch];
    const range = {
      ...(Number.isFinite(from) ? { gte: from } : {}),
      ...(Number.isFinite(to) ? { lt: to } : {}),
    };
    const bounded = Object.keys(range).length > 0 ? { range } : {};
    let after: string | undefined;
    for (let rows = 0; rows < budgetRows; ) {
      const page = await store.page('tasks', {
        index: 'queue',
        where: { projectId, queue: 1 },
        ...bounded,
        after,
        limit: rows === 0 ? firstPage : laterPage,
      });
      for (const item of page.items) {
        const verdict = look(item);
        if (verdict === 'take') {
          const taken = await take(item);
          if (taken !== null) return { found: taken, complete: false };
          // Somebody was faster; it may come free again, and then `changed` lowers the cursor.
        }
        if (verdict === 'later') unbroken = false;
        if (unbroken) passed = item.record.rank;
      }
      rows += page.items.length;
      if (page.next === null) return { found: null, complete: true };
      after = page.next;
    }
    return { found: null, complete: false };
  } finally {
    cursor.searches.delete(search);
    cursor.at[stretch] = Math.min(Math.max(cursor.at[stretch], passed), search.lowered[stretch]);
  }
}
