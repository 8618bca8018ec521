import type { IncomingMessage } from 'node:http';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * The caller's address. A proxy on this machine is believed: behind one, the last entry of X-Forwarded-For
 * (the one that proxy wrote itself) is the caller.
 */
export function remoteOf(incoming: IncomingMessage): string {
  const direct = incoming.socket.remoteAddress ?? 'unknown';
  const forwarded = forwardedFor(incoming);
  return loopback.has(direct) && forwarded !== null ? forwarded : direct;
}

/** Whether the call was made on this machine itself, not through a proxy on it. */
export function isLocal(incoming: IncomingMessage): boolean {
  return loopback.has(incoming.socket.remoteAddress ?? '') && forwardedFor(incoming) === null;
}

function forwardedFor(incoming: IncomingMessage): string | null {
  const header = incoming.headers['x-forwarded-for'];
  const text = Array.isArray(header) ? header.join(',') : header;
  const last = text?.split(',').at(-1)?.trim();
  return last ? last : null;
}
