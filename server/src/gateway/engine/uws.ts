import { createRequire } from 'node:module';

/** What we use of uWebSockets.js; its own declarations leave some of this out, and the package need not be there. */
export interface Uws {
  App(): UwsApp;
  us_listen_socket_close(listening: object): void;
  us_socket_local_port(listening: object): number;
}

export interface UwsApp {
  any(pattern: string, handle: (response: UwsResponse, request: UwsRequest) => void): UwsApp;
  ws(pattern: string, behavior: object): UwsApp;
  /** `options` 1: the port is ours alone. Without it several programs may share one, and nobody is told. */
  listen(host: string, port: number, options: 1, done: (listening: object | false) => void): UwsApp;
  publish(topic: string, message: string | Uint8Array, isBinary: boolean): boolean;
  /** Cuts every connection. */
  close(): void;
}

/** Valid only until the handler returns. */
export interface UwsRequest {
  getCaseSensitiveMethod(): string;
  getUrl(): string;
  /** Undefined where the address has no question mark. */
  getQuery(): string | undefined;
  forEach(take: (name: string, value: string) => void): void;
}

/** Valid until it was ended, closed or aborted; every use after that throws. */
export interface UwsResponse {
  writeStatus(status: string): void;
  writeHeader(name: string, value: string): void;
  /** Whether the connection took it all; what it did not take is kept and sent when it does. */
  write(piece: Uint8Array): boolean;
  /** Takes what the connection takes, which `getWriteOffset` shows. The answer is over once `total` bytes are taken. */
  tryEnd(piece: Uint8Array, total: number): [ok: boolean, done: boolean];
  getWriteOffset(): number;
  end(body: string | Uint8Array, closeConnection: boolean): void;
  endWithoutBody(): void;
  close(): void;
  cork(write: () => void): void;
  onWritable(run: () => boolean): void;
  onAborted(run: () => void): void;
  onData(take: (piece: ArrayBuffer, isLast: boolean) => void): void;
  pause(): void;
  resume(): void;
  getRemoteAddress(): ArrayBuffer;
}

/** A websocket; every use after it closed throws. */
export interface UwsSocket {
  send(message: string | Uint8Array, isBinary: boolean): number;
  subscribe(topic: string): boolean;
  unsubscribe(topic: string): boolean;
  getBufferedAmount(): number;
  /** At once; `close` follows before this returns. */
  close(): void;
}

const binary = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;

/**
 * uWebSockets.js for this machine and Node, or why there is none. The native part is loaded past the package's own entry:
 * that of the build on npm would put a slower imitation in its place without a word to us. The second path is
 * that of the official build.
 */
export function loadUws(): { readonly uws: Uws } | { readonly why: string } {
  const load = createRequire(import.meta.url);
  let why = '';
  for (const path of [`uWebSockets.js/binaries/${binary}`, `uWebSockets.js/${binary}`]) {
    try {
      return { uws: load(path) as Uws };
    } catch (error) {
      const found = (error as { code?: unknown }).code !== 'MODULE_NOT_FOUND';
      if (found) why = String((error as Error).message).split('\n', 1)[0] ?? '';
    }
  }
  return { why: why || `it has no ${binary} here` };
}
