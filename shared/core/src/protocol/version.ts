/**
 * The socket protocol's history. A client names the version it speaks in the handshake; the server refuses
 * versions below the minimum with `protocol.version`.
 *
 * 1 — first: join, ops, submit, withdraw, skip, resolve, presence, leave; live topics.
 */
export const PROTOCOL_VERSION = 1;
export const MINIMUM_PROTOCOL_VERSION = 1;
