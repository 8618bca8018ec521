import type { OpsReply, RoomOps, ServerToRoom } from '@concord/core/protocol/rooms';
import type { Answer } from './transport.ts';

type Ops = Parameters<ServerToRoom['room:ops']>[0];
type Acks = Parameters<ServerToRoom['room:acks']>[0];

/**
 * Acknowledgements that ride on the broadcast: ops are sent without asking for an answer, and answered when all of them
 * have been seen among the room's new entries, or in `room:acks`.
 */
export interface RidingAcks {
  /** `send` puts the message on the wire; `lost` when no answer comes in time or the connection goes. */
  ask(message: RoomOps, send: () => void): Promise<Answer<OpsReply>>;
  heardOps(message: Ops): void;
  heardAcks(message: Acks): void;
  /** The connection is gone, or a message of ours could not be read: nobody knows what arrived. */
  lost(): void;
}

interface Waiting {
  readonly message: RoomOps;
  readonly left: Set<number>;
  readonly acked: OpsReply['acked'][number][];
  readonly refused: OpsReply['refused'][number][];
  settle(answer: Answer<OpsReply>): void;
}

export function createRidingAcks(
  after: (ms: number, run: () => void) => () => void,
  answerWithinMs: number,
): RidingAcks {
  const waiting = new Set<Waiting>();

  function settleIfWhole({ left, acked, refused, settle }: Waiting): void {
    if (left.size > 0) return;
    const again = refused.find(({ problem }) => problem.retry);
    if (again === undefined) settle({ ok: true, acked, refused });
    else settle({ ok: false, problem: again.problem });
  }

  return {
    ask: (message, send) =>
      new Promise((done) => {
        const one: Waiting = {
          message,
          left: new Set(message.ops.map(({ n }) => n)),
          acked: [],
          refused: [],
          settle(answer) {
            if (!waiting.delete(one)) return;
            cancel();
            done(answer);
          },
        };
        const cancel = after(answerWithinMs, () => one.settle({ ok: 'lost' }));
        waiting.add(one);
        send();
      }),
    heardOps({ task, batch }) {
      for (const one of [...waiting]) {
        if (one.message.task !== task) continue;
        for (const { entries } of batch)
          for (const { client, n, lseq } of entries)
            if (client === one.message.client && one.left.delete(n)) one.acked.push({ n, lseq });
        settleIfWhole(one);
      }
    },
    heardAcks({ task, client, acked, refused }) {
      for (const one of [...waiting]) {
        if (one.message.task !== task || one.message.client !== client) continue;
        for (const ack of acked) if (one.left.delete(ack.n)) one.acked.push(ack);
        for (const refusal of refused) if (one.left.delete(refusal.n)) one.refused.push(refusal);
        settleIfWhole(one);
      }
    },
    lost() {
      for (const one of [...waiting]) one.settle({ ok: 'lost' });
    },
  };
}
