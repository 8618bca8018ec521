import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A websocket by hand, with the text frames that docs/protocol.md shows: what a stranger without a socket.io library has.
 * Text frames under 64 kB only.
 */
export interface RawSocket {
  send(text: string): void;
  /** The next text frame; pings of Engine.IO are answered and left out. */
  next(): Promise<string>;
  /** Takes nothing more off the connection. */
  pause(): void;
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
      if (frame.text === '2') send('3');
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
    const short = body.length < 126;
    const start = Buffer.from(
      short ? [0x81, 0x80 | body.length] : [0x81, 0xfe, body.length >> 8, body.length & 255],
    );
    socket.write(Buffer.concat([start, mask, body.map((byte, i) => byte ^ (mask[i % 4] ?? 0))]));
  }

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
    close: () => socket.destroy(),
  };
}

/** The first whole frame of unmasked bytes; its text is null for other than text frames. */
function readFrame(bytes: Buffer): { readonly text: string | null; readonly bytes: number } | null {
  if (bytes.length < 2) return null;
  const small = (bytes[1] ?? 0) & 127;
  const start = small < 126 ? 2 : small === 126 ? 4 : 10;
  if (bytes.length < start) return null;
  const size = small < 126 ? small : small === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + size) return null;
  const isText = ((bytes[0] ?? 0) & 15) === 1;
  return { text: isText ? bytes.toString('utf8', start, start + size) : null, bytes: start + size };
}
