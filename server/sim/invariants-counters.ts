import { krippendorffAlpha } from '@concord/core/agreement/alpha';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import { countFinalization, countSubmissions, tallyOf } from '../src/finalize/counters.ts';
import { voicesOf } from './oracle.ts';
import type { ServerLife } from './server-life.ts';
import type { SimWorld } from './sim-world.ts';

/** Counters that went up and down for minutes are what one count over the records gives. */
export async function checkCounters(
  world: SimWorld,
  { store, quality }: ServerLife,
  tasks: readonly Task[],
  submissions: readonly Submission[],
): Promise<string[]> {
  const { project, modality, items } = world;
  const tally = tallyOf(project);
  const rated: (readonly { userId: string; category: string | null }[])[] = [];
  for (const task of tasks) {
    const { facts } = items.get(task.id)!;
    const standing = submissions.filter((s) => s.taskId === task.id && s.state === 'standing');
    countSubmissions(tally, [], standing, modality, facts);
    rated.push(
      voicesOf(submissions.filter((s) => s.taskId === task.id)).flatMap(({ userId, blind }) =>
        blind === null ? [] : [{ userId, category: modality.category(blind) }],
      ),
    );
    tally.add(task.state, 1);
    tally.add('tasks', 1);
    if (task.state !== 'finalized') continue;
    const settled = await store.get('finalizations', `${task.id}:${task.revision}`);
    if (settled !== null) countFinalization(tally, settled.record, 1, modality, facts);
  }
  const wanted = new Map(Object.entries(tally.inc()));
  const kept = await store.countersWith(`${project.id}/`);
  const broken: string[] = [];
  // What happened in an hour stays counted there when it is taken back; the number of the next task is no figure.
  const isFigure = (key: string) => !/\/(hour\/|seq$|tasks$)/.test(key);
  for (const key of new Set([...wanted.keys(), ...kept.keys()])) {
    if (isFigure(key) && (wanted.get(key) ?? 0) !== (kept.get(key) ?? 0))
      broken.push(`counter ${key} is ${kept.get(key) ?? 0}, the records say ${wanted.get(key) ?? 0}`);
  }
  broken.push(...(await checkAlpha()));
  return broken;

  async function checkAlpha(): Promise<string[]> {
    const { alpha } = await quality.project(project.id);
    const people = [...new Set(submissions.map((s) => s.userId))];
    const labels = [...new Set(rated.flat().flatMap((vote) => vote.category ?? []))];
    const table = people.map((id) =>
      rated.map((item) => item.find((vote) => vote.userId === id)?.category ?? null),
    );
    const batch = krippendorffAlpha(table, labels, 'nominal').alpha;
    const close = alpha === batch || (alpha !== null && batch !== null && Math.abs(alpha - batch) < 1e-9);
    return close ? [] : [`alpha is shown as ${alpha}, all ratings together give ${batch}`];
  }
}
