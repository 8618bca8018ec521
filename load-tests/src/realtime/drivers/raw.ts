import { authorName, createShapes, peerOp, readDigits, scanOps } from '../ops.ts';
import { openSocket } from '../websocket/client-socket.ts';
import { encodeText } from '../websocket/frames.ts';
import { createStep, type Driver } from './driver.ts';

const letters = { relay: 'r', ops: 'o' } as const;
const code = { ack: 97, op: 111, relay: 114, snapshot: 115 };

export interface PeerPlace {
  readonly port: number;
  readonly seed: number;
  /** Whether ops that come up together travel in one message; else each has its own. */
  readonly batch: boolean;
}

/** uWebSockets.js and ws: the words of peers/uws.mjs. */
export function createRawDriver({ port, seed, batch }: PeerPlace): Driver {
  const shapeOf = createShapes(seed);
  return {
    acksRelays: false,
    oneInFlight: false,
    gathers: batch,
    begin: async () => {},
    async enter({ author, room }, sink) {
      const entered = createStep<number>();
      const socket = openSocket(
        { port, path: '/' },
        (bytes, start, end) => {
          const kind = bytes[start];
          if (kind === code.op || kind === code.relay) scanOps(bytes, start, end, sink.delivered);
          else if (kind === code.ack) sink.acked(author, readDigits(bytes, start + '{"n":'.length + 1, end));
          else if (kind === code.snapshot) entered.done(end - start);
          else sink.failed(`${authorName(author)} got ${bytes.toString('utf8', start, end)}`);
        },
        sink.failed,
      );
      await socket.opened;
      socket.write(encodeText(`jroom-${room}`));
      return {
        snapshotBytes: await entered.reached,
        send(lane, first, count) {
          const ops = Array.from({ length: count }, (_, i) => peerOp(author, first + i, shapeOf(first + i)));
          if (batch) socket.write(encodeText(`${letters[lane]}[${ops.join(',')}]`));
          else socket.write(Buffer.concat(ops.map((op) => encodeText(letters[lane] + op))));
        },
        close: () => socket.close(),
      };
    },
  };
}
