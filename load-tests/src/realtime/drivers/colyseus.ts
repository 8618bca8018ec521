import { authorName, createShapes, readDigits, regionName } from '../ops.ts';
import { openSocket } from '../websocket/client-socket.ts';
import { encodeFrame, opcodes } from '../websocket/frames.ts';
import { createStep, type Driver } from './driver.ts';
import { encodeMsgpack, readUint } from './msgpack.ts';
import type { PeerPlace } from './raw.ts';

const JOIN_ROOM = 10;
const ROOM_DATA = 13;
/** A message begins with its type, a short text: its length in the lowest bits, then its letters. */
const typed = (type: string) => Buffer.concat([Buffer.from([ROOM_DATA]), encodeMsgpack(type)]);
const heads = { relay: typed('relay'), op: typed('op'), ack: typed('ack'), snapshot: typed('snapshot') };
const clientMark = Buffer.concat([encodeMsgpack('client'), Buffer.from([0xac]), Buffer.from('bench-')]);
const numberMark = encodeMsgpack('n');
const lastMark = encodeMsgpack('last');

interface Reservation {
  readonly room: { readonly roomId: string; readonly processId: string };
  readonly sessionId: string;
}

/** Colyseus 0.16: a seat by HTTP, then messages in MessagePack. */
export function createColyseusDriver({ port, seed, batch }: PeerPlace): Driver {
  const shapeOf = createShapes(seed);
  const opOf = (author: number, n: number) => ({
    client: authorName(author),
    n,
    layer: `usr_${authorName(author)}`,
    op: { t: 'update', id: regionName(author), set: { shape: JSON.parse(shapeOf(n)) as object } },
  });

  function scan(bytes: Buffer, start: number, end: number, visit: (author: number, n: number) => void): void {
    for (let at = bytes.indexOf(clientMark, start); at >= 0 && at < end; at = bytes.indexOf(clientMark, at)) {
      at += clientMark.length;
      const author = readDigits(bytes, at, at + 6);
      at += 6;
      if (bytes.compare(numberMark, 0, numberMark.length, at, at + numberMark.length) !== 0)
        throw new Error('an author without a number');
      visit(author, readUint(bytes, at + numberMark.length));
    }
  }

  return {
    acksRelays: false,
    oneInFlight: false,
    gathers: batch,
    begin: async () => {},
    async enter({ author, room }, sink) {
      const answer = await fetch(`http://127.0.0.1:${port}/matchmake/joinOrCreate/bench`, {
        method: 'POST',
        body: JSON.stringify({ place: `room-${room}` }),
      });
      const seat = (await answer.json()) as Reservation;
      const entered = createStep<number>();
      const socket = openSocket(
        { port, path: `/${seat.room.processId}/${seat.room.roomId}?sessionId=${seat.sessionId}` },
        (bytes, start, end) => {
          const is = (head: Buffer) => bytes.compare(head, 0, head.length, start, start + head.length) === 0;
          if (bytes[start] === JOIN_ROOM) socket.write(encodeFrame(Buffer.from([JOIN_ROOM]), opcodes.binary));
          else if (is(heads.op) || is(heads.relay)) scan(bytes, start, end, sink.delivered);
          else if (is(heads.ack))
            sink.acked(author, readUint(bytes, bytes.indexOf(lastMark, start) + lastMark.length));
          else if (is(heads.snapshot)) entered.done(end - start);
          else sink.failed(`${authorName(author)} got ${bytes.toString('latin1', start, end).slice(0, 200)}`);
        },
        sink.failed,
      );
      await socket.opened;
      return {
        snapshotBytes: await entered.reached,
        send(lane, first, count) {
          const ops = Array.from({ length: count }, (_, i) => opOf(author, first + i));
          const head = lane === 'relay' ? heads.relay : heads.op;
          const message = (body: unknown) =>
            encodeFrame(Buffer.concat([head, encodeMsgpack(body)]), opcodes.binary);
          if (batch) socket.write(message(ops));
          else socket.write(Buffer.concat(ops.map(message)));
        },
        close: socket.close,
      };
    },
  };
}
