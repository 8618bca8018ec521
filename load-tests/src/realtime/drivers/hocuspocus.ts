import { authorName, createShapes, LAST_BEFORE_LOAD, peerOp, regionName, scanOps } from '../ops.ts';
import { openSocket } from '../websocket/client-socket.ts';
import { encodeFrame, opcodes } from '../websocket/frames.ts';
import { createStep, type Driver } from './driver.ts';
import type { PeerPlace } from './raw.ts';
import { encodeMapUpdate, KEYS, varBytes, varText } from './yjs-update.ts';

/** Message types of Hocuspocus, each after the document's name. */
const types = { sync: 0, auth: 2, syncReply: 4, syncStatus: 8 };
const syncs = { step1: 0, step2: 1, update: 2 };
const authenticated = 2;

/**
 * Hocuspocus: each op sets a key of the room's map, one of the author's own in turn; ops that come up together are one
 * transaction. Its `SyncStatus` acknowledges a message once the document has it, in memory.
 */
export function createHocuspocusDriver({ port, seed }: PeerPlace): Driver {
  const shapeOf = createShapes(seed);
  return {
    acksRelays: true,
    oneInFlight: false,
    gathers: true,
    begin: async () => {},
    async enter({ author, room }, sink) {
      const name = varText(`room-${room}`);
      const key = regionName(author);
      const entered = createStep<number>();
      const signedIn = createStep<void>();
      /** The last op of each message that is not acknowledged yet. */
      const waiting: number[] = [];
      const others = (by: number, n: number) => {
        if (by !== author) sink.delivered(by, n);
      };
      const message = (...parts: Uint8Array[]) =>
        encodeFrame(Buffer.concat([name, ...parts]), opcodes.binary);

      const socket = openSocket(
        { port, path: '/' },
        (bytes, start, end) => {
          const at = start + name.length;
          const type = bytes[at];
          if (type === types.syncStatus) {
            if (bytes[at + 1] !== 1) return sink.failed(`${authorName(author)}: an update was not taken`);
            const last = waiting.shift();
            if (last !== undefined) sink.acked(author, last);
          } else if (type === types.sync && bytes[at + 1] === syncs.update) scanOps(bytes, at, end, others);
          else if (type === types.sync && bytes[at + 1] === syncs.step2) entered.done(end - start);
          else if (type === types.auth && bytes[at + 1] === authenticated) signedIn.done();
        },
        sink.failed,
      );
      await socket.opened;
      socket.write(message(Buffer.from([types.auth, 0]), varText('token')));
      await signedIn.reached;
      // Step 1 with an empty state vector: everything, please.
      socket.write(message(Buffer.from([types.sync, syncs.step1, 1, 0])));
      return {
        snapshotBytes: await entered.reached,
        send(_lane, first, count) {
          for (let from = first; from < first + count; from += KEYS) {
            const size = Math.min(KEYS, first + count - from);
            const values = Array.from({ length: size }, (_, i) =>
              peerOp(author, from + i, shapeOf(from + i)),
            );
            const clock = from - LAST_BEFORE_LOAD - 1;
            const update = encodeMapUpdate(author + 1, clock, 'objects', key, values);
            waiting.push(from + size - 1);
            socket.write(message(Buffer.from([types.sync, syncs.update]), varBytes(update)));
          }
        },
        close: socket.close,
      };
    },
  };
}
