import { isDeepStrictEqual as same } from 'node:util';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import { othersWork } from './link.ts';
import { type Expected, expectedAgreement, expectedVerdicts, voicesOf } from './oracle.ts';
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

/** What the rules settled, and what they called a dispute, is what an oracle of its own says of the submissions as they then stood. */
export function checkSettled(world: SimWorld, task: Task, { log, submissions }: TaskHistory): string[] {
  const broken: string[] = [];
  const { project } = world;
  const known = new Map(submissions.map((s) => [s.id as string, s]));
  /** The submissions so far, as they stand after each entry. */
  const sofar = new Map<string, Submission>();
  const retire = (by: string, state: 'superseded' | 'withdrawn') => {
    for (const s of sofar.values())
      if (s.userId === by && s.state === 'standing') sofar.set(s.id, { ...s, state });
  };
  for (const [i, { op, by, seq }] of log.entries()) {
    if (op.t === 'submit') {
      retire(by, 'superseded');
      sofar.set(op.submissionId, { ...known.get(op.submissionId)!, state: 'standing', blind: op.blind });
    }
    if (op.t === 'withdraw') retire(by, 'withdrawn');
    if (op.t !== 'submit' && op.t !== 'withdraw') continue;
    const next = log[i + 1]?.op.t;
    const said: Expected = next === 'finalize' ? 'finalize' : next === 'dispute' ? 'dispute' : 'more';
    const may = expectedVerdicts(project, voicesOf([...sofar.values()]));
    // A dispute that goes on is not said again.
    const goesOn = said === 'more' && may.includes('dispute') && disputedBefore(log, i);
    if (!may.includes(said) && !goesOn)
      broken.push(`${task.id}: after ${seq} it is ${said}, and the rules say ${may.join(' or ')}`);
  }
  const left = submissions.filter((s) => s.state === 'standing');
  const standing = [...sofar.values()].filter((s) => s.state === 'standing');
  if (!same(left.map((s) => s.id).sort(), standing.map((s) => s.id).sort()))
    broken.push(`${task.id}: the records' standing submissions are not the log's`);
  if (task.submissions !== left.length)
    broken.push(`${task.id} counts ${task.submissions}, ${left.length} stand`);
  const agreement = expectedAgreement(voicesOf(submissions).flatMap((voice) => voice.blind ?? []));
  if (Math.abs((agreement ?? -1) - (task.agreement ?? -1)) > 1e-9)
    broken.push(`${task.id} shows the agreement ${task.agreement}, its submissions have ${agreement}`);
  return broken;
}

/** Whether the task was disputed when this entry came. */
function disputedBefore(log: TaskHistory['log'], at: number): boolean {
  const turn = log.slice(0, at).findLast(({ op }) => op.t === 'dispute' || op.t === 'finalize');
  return turn?.op.t === 'dispute';
}
