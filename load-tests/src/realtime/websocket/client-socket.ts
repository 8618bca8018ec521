import { connect } from 'node:net';
import { createFrameReader, encodeFrame, type OnFrame, opcodes } from './frames.ts';

export interface ClientSocket {
  /** Fails when the server refuses. */
  readonly opened: Promise<void>;
  /** Bytes of one or more whole frames. */
  write(frames: Buffer): void;
  close(): void;
}

export interface SocketPlace {
  readonly port: number;
  readonly path: string;
}

/** All sockets of the generator read into this: a chunk is used up before the next one comes. */
const chunk = Buffer.allocUnsafe(256 * 1024);

/**
 * A websocket over bare TCP on this machine, as cheap for the generator as Node allows. Answers pings. Calls `onEnd` when the
 * connection ends after it was open, and not by `close`.
 */
export function openSocket(place: SocketPlace, onFrame: OnFrame, onEnd: (why: string) => void): ClientSocket {
  let head = '';
  let open = false;
  let closed = false;
  let settle: { done: () => void; fail: (error: Error) => void };
  const opened = new Promise<void>((done, fail) => {
    settle = { done, fail };
  });
  const reader = createFrameReader((bytes, start, end, opcode) => {
    if (opcode === opcodes.text || opcode === opcodes.binary) onFrame(bytes, start, end, opcode);
    else if (opcode === opcodes.ping)
      tcp.write(encodeFrame(Buffer.from(bytes.subarray(start, end)), opcodes.pong));
    else if (opcode === opcodes.close) ended(`closed: ${bytes.toString('utf8', start + 2, end)}`);
  });

  function ended(why: string): void {
    if (closed) return;
    closed = true;
    tcp.destroy();
    if (open) onEnd(why);
    else settle.fail(new Error(`no websocket at port ${place.port}${place.path}: ${why}`));
  }

  function take(bytes: Buffer): void {
    if (open) {
      reader.take(bytes);
      return;
    }
    head += bytes.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    if (!head.startsWith('HTTP/1.1 101')) {
      ended(head.slice(0, 300));
      return;
    }
    open = true;
    settle.done();
    const more = Buffer.from(head.slice(end + 4), 'latin1');
    if (more.length > 0) reader.take(more);
  }

  const tcp = connect({
    host: '127.0.0.1',
    port: place.port,
    noDelay: true,
    onread: {
      buffer: chunk,
      callback(size) {
        try {
          if (!closed) take(chunk.subarray(0, size));
        } catch (error) {
          ended((error as Error).message);
        }
        return true;
      },
    },
  });
  tcp.on('error', (error) => ended(error.message));
  tcp.on('close', () => ended('the connection ended'));
  tcp.on('connect', () => {
    tcp.write(
      `GET ${place.path} HTTP/1.1\r\nHost: 127.0.0.1:${place.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Y29uY29yZC1iZW5jaC0wMA==\r\n\r\n',
    );
  });
  return {
    opened,
    write: (frames) => void tcp.write(frames),
    close() {
      closed = true;
      tcp.destroy();
    },
  };
}
