/** Messages between the server nodes: may be lost (the log heals it), never reordered within one sender. */
export interface Fanout {
  /** To every other node that listens on the channel. Never throws and never waits: what cannot go out now is lost. */
  publish(channel: string, message: string): void;
  /**
   * `onTuned` is called when messages begin to arrive, and again whenever some may have been lost: what they would have
   * told is to be looked up then. Where there are no other nodes it is never called.
   */
  subscribe(channel: string, onMessage: (message: string) => void, onTuned?: () => void): () => void;
  status(): FanoutStatus;
  close(): Promise<void>;
}

export interface FanoutStatus {
  /** Whether messages reach the other nodes now; always false where there is no way to any. */
  readonly reaching: boolean;
  /** Why they do not, in one line; null where nothing is wrong. */
  readonly problem: string | null;
}
