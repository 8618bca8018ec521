import type { Annotation } from '@concord/core/records/annotation';
import type { UserId } from '@concord/core/records/ids';
import { type Submission, saidBlind } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import type { PageQuery, Store } from '@concord/platform/ports/store';

const PAGE = 200;

type Place = Pick<Task, 'projectId' | 'seq'>;
const at = ({ projectId, seq }: Place) => ({ projectId, taskSeq: seq });

async function* each(
  store: Store,
  query: Omit<PageQuery<'submissions'>, 'limit' | 'after'>,
): AsyncGenerator<Submission> {
  let after: string | undefined;
  do {
    const page = await store.page('submissions', { ...query, after, limit: PAGE });
    for (const { record } of page.items) yield record;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

async function listed(submissions: AsyncGenerator<Submission>): Promise<Submission[]> {
  const list: Submission[] = [];
  for await (const submission of submissions) list.push(submission);
  return list;
}

/** A task's submissions that stand, at most one a person; however many there were before them. */
export function standingOf(store: Store, task: Place): Promise<Submission[]> {
  return listed(each(store, { index: 'state', where: { ...at(task), state: 'standing' } }));
}

/** All of a task's submissions in order of time, the superseded and withdrawn ones too. */
export function submissionsOf(store: Store, task: Place): Promise<Submission[]> {
  return listed(each(store, { index: 'task', where: at(task) }));
}

/** What somebody without a standing submission had said blind before they withdrew; null when nothing. */
export async function withdrawnBlind(store: Store, task: Place, userId: UserId): Promise<Annotation | null> {
  const where = { ...at(task), state: 'withdrawn' };
  for await (const submission of each(store, { index: 'state', where, descending: true }))
    if (submission.userId === userId) return saidBlind(submission);
  return null;
}
