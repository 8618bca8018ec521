import { openSocket } from '../websocket/client-socket.ts';
import { encodeText, type OnFrame } from '../websocket/frames.ts';
import { createStep } from './driver.ts';

export interface EngineSocket {
  /** Connected to the namespace. Fails with the server's own words. */
  readonly connected: Promise<void>;
  /** One packet, as it travels. */
  send(packet: string): void;
  write(frames: Buffer): void;
  close(): void;
}

const digit = { open: 48, ping: 50, message: 52, connect: 48, refused: 52 };
const pong = encodeText('3');

/** Engine.IO 4 and Socket.IO 5 up to the namespace; what comes after is `onPacket`'s, with its two leading digits. */
export function openEngine(
  port: number,
  namespace: '' | '/rooms,',
  auth: string,
  onPacket: OnFrame,
  onEnd: (why: string) => void,
): EngineSocket {
  const step = createStep<void>();
  const socket = openSocket(
    { port, path: '/socket.io/?EIO=4&transport=websocket' },
    (bytes, start, end, opcode) => {
      const kind = bytes[start];
      if (kind === digit.ping) socket.write(pong);
      else if (kind === digit.open) socket.write(encodeText(`40${namespace}${auth}`));
      else if (kind !== digit.message) onEnd(`not expected: ${bytes.toString('utf8', start, end)}`);
      else if (bytes[start + 1] === digit.connect) step.done();
      else if (bytes[start + 1] === digit.refused) step.fail(new Error(bytes.toString('utf8', start, end)));
      else onPacket(bytes, start, end, opcode);
    },
    onEnd,
  );
  socket.opened.catch(step.fail);
  return {
    connected: step.reached,
    send: (packet) => socket.write(encodeText(packet)),
    write: socket.write,
    close: socket.close,
  };
}
