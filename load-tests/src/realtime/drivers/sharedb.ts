import { authorName, createShapes, peerOp, readDigits, regionName, scanOps } from '../ops.ts';
import { openSocket } from '../websocket/client-socket.ts';
import { encodeText } from '../websocket/frames.ts';
import { createStep, type Driver } from './driver.ts';
import type { PeerPlace } from './raw.ts';

const opMark = Buffer.from('"op":[');
const errorMark = Buffer.from('"error":{');
const versionMark = Buffer.from('"v":');
const numberMark = Buffer.from('"seq":');

/**
 * ShareDB: each op replaces the author's object in the room's json0 document. A connection has one op in flight, as with its own
 * client. Kind to it: `od` (the object as it was) is left out, all connections of a room share the newest version number, so that
 * little has to be transformed, and nothing is composed, since two parts of an op are transformed over two of each other's.
 */
export function createShareDbDriver({ port, seed }: PeerPlace): Driver {
  const shapeOf = createShapes(seed);
  /** By room: the version that the document has after the newest op anybody has seen. */
  const versions = new Map<number, number>();
  return {
    acksRelays: true,
    oneInFlight: true,
    gathers: false,
    begin: async () => {},
    async enter({ author, room }, sink) {
      const entered = createStep<number>();
      const id = authorName(author);
      let seq = 0;
      /** The next version of the document that this connection has not seen: missed ops come twice. */
      let next = 0;
      let lastSent = 0;
      const others = (by: number, n: number) => {
        if (by !== author) sink.delivered(by, n);
      };
      const numberAfter = (mark: Buffer, bytes: Buffer, start: number, end: number): number => {
        const at = bytes.indexOf(mark, start);
        return at < 0 || at >= end ? -1 : readDigits(bytes, at + mark.length, end);
      };
      const socket = openSocket(
        { port, path: '/' },
        (bytes, start, end) => {
          const text = () => bytes.toString('utf8', start, end);
          // Kinds are told apart as cheaply as possible: ops begin with `{"a":"op"`, acknowledgements of ops with `{"src"`.
          if (bytes.toString('latin1', start, start + 9) === '{"a":"op"') {
            const at = bytes.indexOf(opMark, start);
            // A refused op comes back as it was sent, with its error at the end.
            if (at < 0 || at >= end || bytes.lastIndexOf(errorMark, end) > at)
              return sink.failed(`${id} got ${text().slice(-500)}`);
            const version = numberAfter(versionMark, bytes, start, end);
            if (version < next) return;
            next = version + 1;
            if (next > versions.get(room)!) versions.set(room, next);
            scanOps(bytes, at, end, others);
          } else if (bytes.toString('latin1', start, start + 6) === '{"src"') {
            const version = numberAfter(versionMark, bytes, start, end) + 1;
            if (version > versions.get(room)!) versions.set(room, version);
            if (numberAfter(numberMark, bytes, start, end) !== seq) return sink.failed(`${id} got ${text()}`);
            sink.acked(author, lastSent);
          } else {
            const message = JSON.parse(text()) as { a: string; error?: unknown; data?: { v: number } };
            if (message.error !== undefined) sink.failed(`${id} got ${text().slice(0, 500)}`);
            else if (message.a === 'hs')
              socket.write(encodeText(`{"a":"s","c":"rooms","d":"room-${room}","v":null}`));
            else if (message.a === 's') {
              next = message.data!.v;
              versions.set(room, Math.max(versions.get(room) ?? 0, next));
              entered.done(end - start);
            }
          }
        },
        sink.failed,
      );
      await socket.opened;
      socket.write(encodeText(`{"a":"hs","id":"${id}","protocol":1,"protocolMinor":2}`));
      return {
        snapshotBytes: await entered.reached,
        send(_lane, n) {
          seq += 1;
          lastSent = n;
          const op = `{"p":["objects","${regionName(author)}"],"oi":${peerOp(author, n, shapeOf(n))}}`;
          socket.write(
            encodeText(
              `{"a":"op","c":"rooms","d":"room-${room}","v":${versions.get(room)},"src":"${id}","seq":${seq},"x":{},"op":[${op}]}`,
            ),
          );
        },
        close: socket.close,
      };
    },
  };
}
