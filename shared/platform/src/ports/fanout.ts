/** Messages between the server nodes: may be lost (the log heals it), never reordered within one sender. */
export interface Fanout {
  /** To every other node that listens on the channel. */
  publish(channel: string, message: string): void;
  subscribe(channel: string, onMessage: (message: string) => void): () => void;
  /** An adapter constructor for socket.io, so that `io.to(room)` reaches all nodes; null where there is only one. */
  socketAdapter(): unknown;
  close(): Promise<void>;
}
