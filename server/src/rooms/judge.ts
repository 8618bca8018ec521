import { ConcordError, type Problem } from '@concord/core/errors/concord-error';
import type { OpsReply, RoomOps } from '@concord/core/protocol/rooms';
import type { TaskId, UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import { applyInPlace, isResend, layerOf } from '@concord/core/rooms/apply';
import { type ContentChecks, check, limits, refusalError, tooLarge } from '@concord/core/rooms/check';
import type { LogEntry } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import { mayPut, namesTheHidden, type Viewer } from '@concord/core/rooms/visibility';
import { tellProblem } from '../incident.ts';
import type { Platform } from '../platform.ts';
import { createLayerSizes, type LayerSizes } from './layer-sizes.ts';
import { number } from './room-log.ts';

/** An archived project is there to be read. */
export const archived = () =>
  new ConcordError('room.closed', 'This project is archived; it takes no more work.');

/** Ops that were acknowledged although the log does not have them, because they changed nothing. */
interface SilentAcks {
  has(by: string, client: string, n: number): boolean;
  add(by: string, client: string, n: number): void;
}

/** So many are remembered, while the room is in memory: a resend comes soon. */
const silentMost = 2000;

function createSilentAcks(): SilentAcks {
  const known = new Set<string>();
  const keyOf = (by: string, client: string, n: number) => `${by}/${client}/${n}`;
  return {
    has: (by, client, n) => known.size > 0 && known.has(keyOf(by, client, n)),
    add(by, client, n) {
      known.add(keyOf(by, client, n));
      if (known.size > silentMost) known.delete(known.values().next().value as string);
    },
  };
}

export interface Judged {
  /** What is to be written; the state has it already. */
  readonly entries: readonly LogEntry[];
  readonly reply: OpsReply;
}

export interface JudgeRules {
  readonly project: Project;
  readonly checks: ContentChecks;
  readonly settled: boolean;
  /** Who works on the task. */
  readonly claimants: readonly UserId[];
}

/** Judges ops one after the other, each on what those before it left. Changes `state` by what is fine. */
export type Judge = (
  state: RoomState,
  viewer: Viewer,
  message: RoomOps,
  rules: JudgeRules,
  at: number,
) => Judged;

/** The judge of one room, who knows what it let pass while the room is in memory. */
export function createJudge(platform: Pick<Platform, 'logger' | 'random'>, room: TaskId): Judge {
  const silent = createSilentAcks();
  const sizes = createLayerSizes();
  return (state, viewer, message, rules, at) =>
    judge(state, viewer, message, rules, silent, sizes, at, (error) =>
      tellProblem(platform, error, `an op in ${room}`),
    );
}

function judge(
  state: RoomState,
  viewer: Viewer,
  { client, ops }: RoomOps,
  rules: JudgeRules,
  silent: SilentAcks,
  sizes: LayerSizes,
  at: number,
  problemOf: (error: unknown) => Problem,
): Judged {
  const entries: LogEntry[] = [];
  const acked: OpsReply['acked'][number][] = [];
  const refused: OpsReply['refused'][number][] = [];
  for (const { n, layer, op } of ops) {
    try {
      if (isResend(state, viewer.userId, client, n) || silent.has(viewer.userId, client, n)) {
        acked.push({ n, lseq: 0 });
        continue;
      }
      if (!mayPut(viewer, layer, op, rules.project, state))
        throw new ConcordError('auth.forbidden', 'This layer is not yours to change.');
      if (rules.project.archived) throw archived();
      if (rules.settled)
        throw new ConcordError('room.closed', 'This task is settled; a super-reviewer can open it again.');
      if (layer !== viewer.userId && namesTheHidden(op, layer, rules.claimants, rules.project, state))
        throw new ConcordError(
          'room.op_refused',
          'Whose layer this is works blind: name no other annotator here.',
        );
      const verdict = check(layerOf(state, layer), op, rules.checks);
      if (verdict === 'nothing') {
        silent.add(viewer.userId, client, n);
        acked.push({ n, lseq: 0 });
        continue;
      }
      if (verdict !== 'fine') throw refusalError(verdict);
      const size = sizes.grown(layerOf(state, layer), op);
      if (size !== null && size > limits.layerSize) throw refusalError(tooLarge(size));
      const numbered = number(state, [{ layer, by: viewer.userId, client, n, op }], at);
      applyInPlace(state, numbered);
      sizes.took(layerOf(state, layer));
      entries.push(...numbered);
      acked.push({ n, lseq: numbered[0]!.lseq });
    } catch (error) {
      refused.push({ n, problem: problemOf(error) });
    }
  }
  return { entries, reply: { acked, refused } };
}
