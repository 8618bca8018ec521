/**
 * The socket protocol's history. A client names the version it speaks in the handshake; the server refuses
 * versions below the minimum with `protocol.version`.
 *
 * 1 — first: join, ops, submit, withdraw, skip, resolve, presence, leave; live topics.
 * 2 — `room:ops` from the server carries several layers in one message (`batch`); ops may be sent without asking for an
 *     answer, whose acknowledgement is then their broadcast, or `room:acks` where nothing is broadcast. A join may be
 *     refused with `room.elsewhere`, which names another node of the server (never to clients of version 1).
 */
export const PROTOCOL_VERSION = 2;
export const MINIMUM_PROTOCOL_VERSION = 1;
