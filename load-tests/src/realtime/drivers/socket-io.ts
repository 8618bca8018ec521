import { authorName, createShapes, peerOp, readDigits, scanOps } from '../ops.ts';
import { encodeText } from '../websocket/frames.ts';
import { createStep, type Driver } from './driver.ts';
import { openEngine } from './engine.ts';
import type { PeerPlace } from './raw.ts';

const kinds = { event: 50, ack: 51 };
/** The join's own acknowledgement id; ops use the number of their last one, from 2 on. */
const JOIN = 0;

/** Socket.IO as peers/socketio.mjs uses it. Its servers may give the author its own op back, which counts for nothing. */
export function createSocketIoDriver({ port, seed, batch }: PeerPlace): Driver {
  const shapeOf = createShapes(seed);
  return {
    acksRelays: false,
    oneInFlight: false,
    gathers: batch,
    begin: async () => {},
    async enter({ author, room }, sink) {
      const entered = createStep<number>();
      const others = (by: number, n: number) => {
        if (by !== author) sink.delivered(by, n);
      };
      const socket = openEngine(
        port,
        '',
        '',
        (bytes, start, end) => {
          if (bytes[start + 1] === kinds.event) scanOps(bytes, start, end, others);
          else if (bytes[start + 1] === kinds.ack) {
            const id = readDigits(bytes, start + 2, end);
            if (id === JOIN) entered.done(end - start);
            else sink.acked(author, id);
          } else sink.failed(`${authorName(author)} got ${bytes.toString('utf8', start, end)}`);
        },
        sink.failed,
      );
      await socket.connected;
      socket.send(`42${JOIN}["join","room-${room}"]`);
      return {
        snapshotBytes: await entered.reached,
        send(lane, first, count) {
          const ops = Array.from({ length: count }, (_, i) => peerOp(author, first + i, shapeOf(first + i)));
          const packet = (last: number, body: string) =>
            encodeText(lane === 'relay' ? `42["relay",${body}]` : `42${last}["op",${body}]`);
          if (batch) socket.write(packet(first + count - 1, `[${ops.join(',')}]`));
          else socket.write(Buffer.concat(ops.map((op, i) => packet(first + i, op))));
        },
        close: socket.close,
      };
    },
  };
}
