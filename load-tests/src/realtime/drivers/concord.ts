import { authorName, createShapes, readDigits, regionName, scanOps, updateOf } from '../ops.ts';
import { encodeText } from '../websocket/frames.ts';
import { createStep, type Driver, type Line } from './driver.ts';
import { openEngine } from './engine.ts';

export interface ConcordPlace {
  /**
   * The ports of one or more Concords over the same store; seats are spread over them. THE HOOK FOR SEVERAL NODES (workload D):
   * whoever starts more than one puts their ports here and their process ids beside.
   */
  readonly ports: readonly number[];
  readonly protocol: 1 | 2;
  readonly seed: number;
  readonly users: readonly { readonly id: string; readonly key: string }[];
  /** The task that is room i. */
  readonly tasks: readonly string[];
  /** Boxes that somebody makes on their layer in `begin`; the load moves the first. */
  readonly boxes: number;
  /** Gets every `room:ops` of the server as it came; for tests, since it costs the generator. */
  readonly onOps?: (receiver: number, json: string) => void;
}

const kinds = { event: 50, ack: 51 };
/** Acknowledgement ids: the join's; ops of version 1 use the number of their last one. */
const JOIN = 0;
const head = '42/rooms,["room:';
/** What tells the server's events apart: the first letters after `room:`. */
const letters = { ops: 'op', problems: ['ac', 'pro', 're'] };
/** Ops a message may hold. */
const MOST_OPS = 500;

/** Concord's rooms as docs/protocol.md has them: everybody edits their own layer of an open room, so all others get it. */
export function createConcordDriver(place: ConcordPlace): Driver {
  const shapeOf = createShapes(place.seed);
  const makers = new WeakMap<Line, () => Promise<void>>();
  return {
    acksRelays: true,
    oneInFlight: false,
    gathers: true,
    async begin(lines) {
      await Promise.all(lines.map((line) => makers.get(line)!()));
    },
    async enter({ author, room }, sink) {
      const user = place.users[author % place.users.length]!;
      const task = place.tasks[room]!;
      const client = authorName(author);
      const entered = createStep<number>();
      const made = createStep<void>();
      let isMade = false;

      function acked(n: number): void {
        if (isMade) sink.acked(author, n);
        else if (n === place.boxes) {
          isMade = true;
          made.done();
        }
      }
      const seen = (by: number, n: number) => {
        // Others' boxes being made may still arrive when the load has begun.
        if (by !== author && n > place.boxes) sink.delivered(by, n);
        else if (by === author && place.protocol >= 2) acked(n);
      };

      function onEvent(bytes: Buffer, start: number, end: number): void {
        const at = start + head.length;
        const name = bytes.toString('latin1', at, at + 3);
        if (name.startsWith(letters.ops)) {
          scanOps(bytes, start, end, seen);
          place.onOps?.(author, bytes.toString('utf8', start + '42/rooms,'.length, end));
        } else if (letters.problems.some((letters) => name.startsWith(letters)))
          sink.failed(`${client} was told ${bytes.toString('utf8', start, end).slice(0, 500)}`);
      }

      function onReply(bytes: Buffer, start: number, end: number): void {
        const at = start + '43/rooms,'.length;
        const id = readDigits(bytes, at, end);
        const text = () => bytes.toString('utf8', at, Math.min(end, at + 500));
        if (id === JOIN) {
          if (bytes.indexOf('{"ok":true', at) === at + 2) entered.done(end - at);
          else entered.fail(new Error(`${client} may not enter: ${text()}`));
        } else if (bytes.toString('latin1', end - 14, end) === '"refused":[]}]') acked(id);
        else sink.failed(`${client}'s ops were not taken: ${text()}`);
      }

      const socket = openEngine(
        place.ports[author % place.ports.length]!,
        '/rooms,',
        JSON.stringify({ token: user.key, protocol: place.protocol }),
        (bytes, start, end) => {
          if (bytes[start + 1] === kinds.event) onEvent(bytes, start, end);
          else if (bytes[start + 1] === kinds.ack) onReply(bytes, start, end);
          else sink.failed(`${client} got ${bytes.toString('utf8', start, end).slice(0, 500)}`);
        },
        sink.failed,
      );
      const message = (n: number, ops: readonly string[]) =>
        `42/rooms,${place.protocol === 1 ? n : ''}["room:ops",{"task":"${task}","client":"${client}","ops":[${ops.join(',')}]}]`;
      await socket.connected;
      socket.send(
        `42/rooms,${JOIN}["room:join",{"task":"${task}","mode":"annotate","client":"${client}","since":{}}]`,
      );
      const line: Line = {
        snapshotBytes: await entered.reached,
        send(_lane, first, count) {
          for (let from = first; from < first + count; from += MOST_OPS) {
            const size = Math.min(MOST_OPS, first + count - from);
            const ops = Array.from(
              { length: size },
              (_, i) => `{"n":${from + i},"layer":"${user.id}","op":${updateOf(author, shapeOf(from + i))}}`,
            );
            socket.write(encodeText(message(from + size - 1, ops)));
          }
        },
        close: socket.close,
      };
      makers.set(line, async () => {
        const ops = Array.from({ length: place.boxes }, (_, i) => {
          const id = i === 0 ? regionName(author) : `${regionName(author)}-${i}`;
          const region = `{"id":"${id}","kind":"box","label":"Object","shape":${shapeOf(i)}}`;
          return `{"n":${i + 1},"layer":"${user.id}","op":{"t":"create","region":${region}}}`;
        });
        socket.send(message(place.boxes, ops));
        await made.reached;
      });
      return line;
    },
  };
}
