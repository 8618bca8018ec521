import { isDeepStrictEqual as same } from 'node:util';
import { itemAgreement, judge } from '@concord/core/consensus/settle';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import { othersWork } from './link.ts';
import type { SimWorld, TaskHistory } from './sim-world.ts';

/** One room's log against what its people were told and shown. */
export function checkLog(world: SimWorld, task: Task, { log, submissions }: TaskHistory): string[] {
  const broken: string[] = [];
  const { ledger, project } = world;
  const last = new Map<string, number>();
  const byOp = new Map<string, (typeof log)[number]>();
  for (const [i, entry] of log.entries()) {
    if (entry.seq !== i + 1) broken.push(`${task.id}: entry ${entry.seq} stands at place ${i + 1}`);
    if (entry.lseq !== (last.get(entry.layer) ?? 0) + 1)
      broken.push(`${task.id}: ${entry.layer} has ${entry.lseq} after ${last.get(entry.layer) ?? 0}`);
    last.set(entry.layer, entry.lseq);
    if (entry.n === 0) continue;
    const name = `${entry.client}/${entry.n}`;
    if (byOp.has(name)) broken.push(`${task.id}: ${name} stands twice`);
    byOp.set(name, entry);
  }
  for (const { client, n, lseq } of ledger.ops.filter((op) => op.task === task.id))
    if (byOp.get(`${client}/${n}`)?.lseq !== lseq)
      broken.push(`${task.id}: ${client}/${n} was acknowledged at ${lseq} and is not there`);

  for (const submission of submissions) {
    const entry = log.find(({ op }) => op.t === 'submit' && op.submissionId === submission.id);
    if (entry === undefined) {
      broken.push(`${submission.id} is not in the log of ${task.id}`);
      continue;
    }
    const meant = ledger.intents.filter((i) => i.client === entry.client && i.task === task.id);
    if (!meant.some(({ seen }) => same(seen, submission.annotation)))
      broken.push(`${submission.id} is not what ${submission.userId} saw when they submitted`);
    const shown = ledger.sights.some(
      (s) => s.user === submission.userId && s.task === task.id && othersWork(s) && s.at < submission.at,
    );
    if (submission.blind && project.visibility !== 'open' && shown)
      broken.push(`${submission.id} counts as blind, and its author had been shown others' work`);
  }

  if (project.visibility === 'open') return broken;
  for (const sight of ledger.sights) {
    if (sight.task !== task.id || sight.mode === 'review' || !othersWork(sight)) continue;
    const done = log.filter(
      ({ op, by, at }) => by === sight.user && at <= sight.at && (op.t === 'submit' || op.t === 'withdraw'),
    );
    const submitted = done.some(
      ({ op, seq }) =>
        op.t === 'submit' && !done.some((d) => d.op.t === 'withdraw' && d.seq > seq && d.at < sight.at),
    );
    if (project.visibility === 'blind' || !submitted)
      broken.push(`${sight.user} was sent ${sight.layer} of ${task.id} at ${sight.at} while blind`);
  }
  return broken;
}

/** What the rules settled was agreed on, what they called a dispute was not; both from the submissions as they then stood. */
export function checkSettled(world: SimWorld, task: Task, { log, submissions }: TaskHistory): string[] {
  const broken: string[] = [];
  const { project, modality } = world;
  const facts = world.items.get(task.id)!.facts;
  const standing = new Map<string, Submission>();
  const known = new Map(submissions.map((s) => [s.id as string, s]));
  for (const [i, { op, by, seq }] of log.entries()) {
    if (op.t === 'submit') standing.set(by, known.get(op.submissionId)!);
    if (op.t === 'withdraw') standing.delete(by);
    if (op.t !== 'dispute' && op.t !== 'finalize') continue;
    const cause = log[i - 1]?.op.t;
    if (cause === 'reopen' || cause === 'decide') continue;
    const now = [...standing.values()];
    const agreement = itemAgreement(
      now.filter((s) => s.blind).map((s) => s.annotation),
      (a, b) => modality.measure(a, b, facts),
    );
    const { max, min } = project.rules.overlap;
    if (op.t === 'dispute') {
      if (now.length < max) broken.push(`${task.id} is disputed at ${seq} after ${now.length} submissions`);
      const [one] = now;
      const alike =
        one !== undefined && now.every((s) => modality.measure(s.annotation, one.annotation, facts) === 1);
      // A weighted vote may doubt even what all say, where those who say it were often wrong.
      if (alike && now.every((s) => s.blind) && project.rules.consensus === 'majority')
        broken.push(`${task.id} is disputed at ${seq}, and all say the same`);
    } else {
      if (now.length < min) broken.push(`${task.id} is settled at ${seq} by ${now.length} submissions`);
      if (agreement !== null && agreement < project.rules.minAgreement - 1e-9)
        broken.push(`${task.id} is settled at ${seq} with agreement ${agreement}`);
    }
    // Weights of a weighted vote move with time; by majority the verdict can be made again exactly.
    if (project.rules.consensus !== 'majority') continue;
    const { verdict } = judge({
      submissions: now.map(({ userId, annotation, blind }) => ({ userId, annotation, blind, weight: 1 })),
      modality,
      schema: project.schema,
      asset: facts,
      rules: project.rules,
    });
    if (verdict !== (op.t === 'dispute' ? 'dispute' : 'finalize'))
      broken.push(`${task.id}: the log says ${op.t} at ${seq}, the rules say ${verdict}`);
  }
  const left = submissions
    .filter((s) => s.state === 'standing')
    .map((s) => s.id)
    .sort();
  if (!same(left, [...standing.values()].map((s) => s.id).sort()))
    broken.push(`${task.id}: the records' standing submissions are not the log's`);
  if (task.submissions !== left.length)
    broken.push(`${task.id} counts ${task.submissions}, ${left.length} stand`);
  return broken;
}
