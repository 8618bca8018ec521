import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Exchange, type Headers, type Outflow, targetOf } from './exchange.ts';

/** A call on node:http. */
export class NodeExchange implements Exchange {
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  #gone: AbortController | null = null;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  get method(): string {
    return this.#incoming.method ?? 'GET';
  }
  get target(): string {
    return targetOf(this.#incoming.url ?? '/');
  }
  get peer(): string {
    return this.#incoming.socket.remoteAddress ?? 'unknown';
  }
  get answered(): boolean {
    return this.#outgoing.headersSent;
  }

  header(name: string): string | null {
    const value = this.#incoming.headers[name];
    return (Array.isArray(value) ? value.join(', ') : value) ?? null;
  }

  get body(): AsyncIterable<Uint8Array> {
    const incoming = this.#incoming;
    return {
      [Symbol.asyncIterator]: () =>
        incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>,
    };
  }

  /** Made when somebody asks for it: most calls are over before anybody could go away. */
  get signal(): AbortSignal {
    if (this.#gone === null) {
      const gone = new AbortController();
      const outgoing = this.#outgoing;
      this.#gone = gone;
      if (outgoing.destroyed) gone.abort();
      else
        outgoing.once('close', () => {
          if (!outgoing.writableFinished) gone.abort();
        });
    }
    return this.#gone.signal;
  }

  answer(status: number, headers: Headers, body: string | Uint8Array | null): void {
    this.#dropRestOfBody();
    this.#outgoing.writeHead(
      status,
      body === null ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    );
    this.#outgoing.end(body ?? undefined);
  }

  stream(status: number, headers: Headers): Outflow {
    const outgoing = this.#outgoing;
    let missing = Number(headers['content-length'] ?? 0);
    this.#dropRestOfBody();
    outgoing.writeHead(status, headers);
    return {
      write: async (piece) => {
        missing -= Buffer.byteLength(piece);
        if (outgoing.destroyed) return false;
        // Rejects when the caller goes away, which is what we say then.
        if (!outgoing.write(piece)) await once(outgoing, 'drain', { signal: this.signal }).catch(() => {});
        return !outgoing.destroyed;
      },
      end: () => {
        // Fewer bytes than were announced: the caller would wait for the rest.
        if (missing > 0) outgoing.destroy();
        else outgoing.end();
      },
      cut: () => void outgoing.destroy(),
    };
  }

  /** What nobody wanted of the body is taken off the connection after the answer, so that the next call is found. */
  #dropRestOfBody(): void {
    const incoming = this.#incoming;
    if (incoming.complete) return;
    this.#outgoing.once('finish', () => incoming.resume());
  }
}
