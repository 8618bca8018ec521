import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A websocket by hand, with the text frames that docs/protocol.md shows: what a stranger without a socket.io library has.
 */
export interface RawSocket {
  send(text: string): void;
  /** The next text frame; pings of Engine.IO are answered and left out. */
  next(): Promise<string>;
  /** Takes nothing more off the connection. */
  pause(): void;
  /** Takes again what comes. */
  resume(): void;
  /** Whether the other side has ended the connection. */
  isClosed(): boolean;
  /** Resolves when it has. */
  readonly closed: Promise<void>;
  close(): void;
}

export function openRawSocket(url: string): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/socket.io/?EIO=4&transport=websocket`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    call.once('upgrade', (_response, socket, head) => resolve(wrap(socket as Socket, head)));
    call.once('response', (response) => reject(new Error(`no upgrade: ${response.statusCode}`)));
    call.once('error', reject);
    call.end();
  });
}

function wrap(socket: Socket, head: Buffer): RawSocket {
  const frames: string[] = [];
  const waiting: ((frame: string) => void)[] = [];
  let rest = head;

  function take(piece: Buffer): void {
    rest = Buffer.concat([rest, piece]);
    for (;;) {
      const frame = readFrame(rest);
      if (frame === null) return;
      rest = rest.subarray(frame.bytes);
      if (frame.closes) socket.destroy();
      else if (frame.text === '2') send('3');
      else if (frame.text !== null) {
        const wake = waiting.shift();
        if (wake) wake(frame.text);
        else frames.push(frame.text);
      }
    }
  }

  function send(text: string): void {
    const body = Buffer.from(text, 'utf8');
    const mask = randomBytes(4);
    for (let i = 0; i < body.length; i++) body[i] = (body[i] ?? 0) ^ (mask[i % 4] ?? 0);
    socket.write(Buffer.concat([headOf(body.length), mask, body]));
  }

  let over = false;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      over = true;
      resolve();
    });
  });
  // A reset ends it like a close.
  socket.on('error', () => {});
  socket.on('data', take);
  take(Buffer.alloc(0));
  return {
    send,
    next: () =>
      new Promise((resolve) => {
        const frame = frames.shift();
        if (frame === undefined) waiting.push(resolve);
        else resolve(frame);
      }),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    isClosed: () => over,
    closed,
    close: () => socket.destroy(),
  };
}

/** What stands before a masked text frame of so many bytes. */
function headOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, 0x80 | length]);
  if (length < 65_536) return Buffer.from([0x81, 0xfe, length >> 8, length & 255]);
  const head = Buffer.alloc(10);
  head.set([0x81, 0xff]);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** The first whole frame of unmasked bytes; its text is null for other than text frames. */
function readFrame(
  bytes: Buffer,
): { readonly text: string | null; readonly closes: boolean; readonly bytes: number } | null {
  if (bytes.length < 2) return null;
  const small = (bytes[1] ?? 0) & 127;
  const start = small < 126 ? 2 : small === 126 ? 4 : 10;
  if (bytes.length < start) return null;
  const size = small < 126 ? small : small === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + size) return null;
  const kind = (bytes[0] ?? 0) & 15;
  const text = kind === 1 ? bytes.toString('utf8', start, start + size) : null;
  return { text, closes: kind === 8, bytes: start + size };
}
