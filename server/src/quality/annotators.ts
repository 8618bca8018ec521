import { reliability } from '@concord/core/consensus/reliability';
import type { AnnotatorFigures } from '@concord/core/protocol/resources';
import type { ProjectId } from '@concord/core/records/ids';
import type { User } from '@concord/core/records/user';
import type { Store } from '@concord/platform/ports/store';
import { toPublic } from '../people/index.ts';

/** So many people's figures are worked out between two turns of everybody else. */
const AT_ONCE = 20;

/** Each person's work in a project from its counters, the busiest first. */
export async function readAnnotators(store: Store, projectId: ProjectId): Promise<AnnotatorFigures[]> {
  const prefix = `${projectId}/by/`;
  const counts = new Map<string, Map<string, number>>();
  for (const [key, amount] of await store.countersWith(prefix)) {
    const [userId, what] = key.slice(prefix.length).split('/') as [string, string];
    const own = counts.get(userId) ?? new Map<string, number>();
    counts.set(userId, own.set(what, amount));
  }
  const users = await store.getMany('users', [...counts.keys()]);
  const figures: AnnotatorFigures[] = [];
  for (let from = 0; from < users.length; from += AT_ONCE) {
    const some = users.slice(from, from + AT_ONCE).map(async ({ record: user }) => {
      return figuresOf(user, counts.get(user.id)!, await lastAt(store, projectId, user.id));
    });
    figures.push(...(await Promise.all(some)));
    await new Promise((done) => setImmediate(done));
  }
  return figures.sort((a, b) => b.submissions - a.submissions || (a.user.name < b.user.name ? -1 : 1));
}

function figuresOf(user: User, own: ReadonlyMap<string, number>, last: number | null): AnnotatorFigures {
  const count = (what: string) => own.get(what) ?? 0;
  const submissions = count('submissions');
  const settled = count('settled');
  const right = count('right');
  const known = settled > 0 ? reliability(right, settled) : null;
  return {
    user: toPublic(user),
    submissions,
    settled,
    right,
    reliability: known?.mean ?? null,
    interval: known === null ? null : [known.interval[0], known.interval[1]],
    meanLeadTimeMs: submissions > 0 ? count('leadMs') / submissions : null,
    lastAt: last,
  };
}

async function lastAt(store: Store, projectId: ProjectId, userId: string): Promise<number | null> {
  const newest = await store.page('submissions', {
    index: 'user',
    where: { projectId, userId },
    limit: 1,
    descending: true,
  });
  return newest.items[0]?.record.at ?? null;
}
