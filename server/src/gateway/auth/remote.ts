import type { Exchange } from '../engine/index.ts';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * The caller's address. A proxy on this machine is believed: behind one, the last entry of X-Forwarded-For
 * (the one that proxy wrote itself) is the caller.
 */
export function remoteOf(exchange: Exchange): string {
  const direct = exchange.peer;
  const forwarded = forwardedFor(exchange);
  return loopback.has(direct) && forwarded !== null ? forwarded : direct;
}

/** Whether the call was made on this machine itself, not through a proxy on it. */
export function isLocal(exchange: Exchange): boolean {
  return loopback.has(exchange.peer) && forwardedFor(exchange) === null;
}

function forwardedFor(exchange: Exchange): string | null {
  const last = exchange.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  return last ? last : null;
}
