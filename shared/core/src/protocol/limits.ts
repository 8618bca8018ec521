const MiB = 1024 * 1024;

/** So many at once, and so many a second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What one connection, one account and one room may ask of a node [PR20] to [PR32]. What a layer may hold is in rooms/check.ts. */
export const socketLimits = {
  /** A larger message ends its connection: it is never read. */
  messageBytes: 8 * MiB,
  opsInMessage: 500,
  /** Of one connection, over both namespaces. */
  messages: { burst: 400, perSecond: 200 },
  ops: { burst: 20_000, perSecond: 5_000 },
  bytes: { burst: 32 * MiB, perSecond: 2 * MiB },
  /** So many messages above a rate are refused, then the connection is cut; they are forgiven at the rate of messages. */
  refusals: 4_000,
  /** Rooms one connection may be in. */
  rooms: 100,
  /** Sockets of one account, over both namespaces. */
  accountSockets: 100,
  /** Connections in one room. */
  roomConnections: 1_000,
  /** Who has more than this waiting is sent no more of its rooms until it has taken it. */
  behindBytes: 1 * MiB,
  /** Who has more than this waiting is cut. */
  waitingBytes: 8 * MiB,
} as const;
