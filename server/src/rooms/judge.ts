import { ConcordError, toProblem } from '@concord/core/errors/concord-error';
import type { OpsReply, RoomOps } from '@concord/core/protocol/rooms';
import type { Project } from '@concord/core/records/project';
import { applyInPlace, isResend, layerOf } from '@concord/core/rooms/apply';
import { type ContentChecks, check, refusalError } from '@concord/core/rooms/check';
import type { LogEntry } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import { mayWrite, type Viewer } from '@concord/core/rooms/visibility';
import { number } from './room-log.ts';

export interface Judged {
  /** What is to be written; the state has it already. */
  readonly entries: readonly LogEntry[];
  readonly reply: OpsReply;
}

/** Judges ops one after the other, each on what those before it left. Changes `state` by what is fine. */
export function judge(
  state: RoomState,
  viewer: Viewer,
  { client, ops }: RoomOps,
  rules: { readonly project: Project; readonly checks: ContentChecks; readonly settled: boolean },
  at: number,
): Judged {
  const entries: LogEntry[] = [];
  const acked: OpsReply['acked'][number][] = [];
  const refused: OpsReply['refused'][number][] = [];
  for (const { n, layer, op } of ops) {
    try {
      if (isResend(state, client, n)) {
        acked.push({ n, lseq: 0 });
        continue;
      }
      if (!mayWrite(viewer, layer, rules.project))
        throw new ConcordError('auth.forbidden', 'This layer is not yours to change.');
      if (rules.settled)
        throw new ConcordError('room.closed', 'This task is settled; a super-reviewer can open it again.');
      const verdict = check(layerOf(state, layer), op, rules.checks);
      if (verdict === 'nothing') {
        acked.push({ n, lseq: 0 });
        continue;
      }
      if (verdict !== 'fine') throw refusalError(verdict);
      const numbered = number(state, [{ layer, by: viewer.userId, client, n, op }], at);
      applyInPlace(state, numbered);
      entries.push(...numbered);
      acked.push({ n, lseq: numbered[0]!.lseq });
    } catch (error) {
      refused.push({ n, problem: toProblem(error) });
    }
  }
  return { entries, reply: { acked, refused } };
}
