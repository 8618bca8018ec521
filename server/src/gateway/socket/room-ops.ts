import type { Problem } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import { type OpsReply, type Reply, type RoomOps, roomOps } from '@concord/core/protocol/rooms';
import type { Allowance } from './allowance.ts';
import type { ProblemOf } from './guard.ts';
import type { RoomSocket } from './room-channels.ts';

type Answer = (reply: Reply<OpsReply>) => void;

/**
 * Takes ops. A sender that asks for an answer gets one. One that does not reads its own ops in the broadcast, and hears
 * apart only of those that are not broadcast.
 */
export function opsHandler(
  socket: RoomSocket,
  allowance: Allowance,
  problemOf: ProblemOf,
  handle: (message: RoomOps) => Promise<OpsReply>,
): (message: unknown, reply?: unknown) => void {
  return (message, reply) => {
    const answer = typeof reply === 'function' ? (reply as Answer) : null;
    const work = async (): Promise<void> => {
      let parsed: RoomOps | null = null;
      try {
        allowance.message();
        parsed = parseInput(roomOps, message, 'room:ops');
        allowance.ops(parsed.ops.length);
        const result = await handle(parsed);
        if (answer !== null) answer({ ok: true, ...result });
        else tellApart(parsed, result);
      } catch (error) {
        const problem = problemOf(error, 'room:ops');
        if (answer !== null) answer({ ok: false, problem });
        else if (parsed !== null) tellApart(parsed, allRefused(parsed, problem));
        else socket.emit('room:problem', { event: 'room:ops', problem });
      }
    };
    void work();
  };

  function tellApart({ task, client }: RoomOps, { acked, refused }: OpsReply): void {
    const silent = acked.filter(({ lseq }) => lseq === 0);
    if (silent.length > 0 || refused.length > 0)
      socket.emit('room:acks', { task, client, acked: silent, refused });
  }
}

const allRefused = ({ ops }: RoomOps, problem: Problem): OpsReply => ({
  acked: [],
  refused: ops.map(({ n }) => ({ n, problem })),
});
