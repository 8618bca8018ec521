import { STATUS_CODES } from 'node:http';
import type { Clock } from '@concord/platform/ports/clock';
import { type Exchange, type Headers, type Outflow, targetOf } from './exchange.ts';
import type { UwsRequest, UwsResponse } from './uws.ts';
import { addressOf } from './uws-address.ts';
import { UwsBody } from './uws-body.ts';
import { UwsOutflow } from './uws-outflow.ts';

/** What an exchange needs of its engine. */
export interface UwsHome {
  readonly clock: Clock;
  /** No more calls are taken: answers end their connections. */
  readonly closing: boolean;
  ended(exchange: UwsExchange): void;
}

/** Headers of which only one makes sense: the first counts, as on node:http. */
const single: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'content-type',
  'host',
  'origin',
]);
/** Bodies larger than this go out as the connection takes them: uws would copy them whole. */
const largeBytes = 64 * 1024;

/**
 * A call on uWebSockets.js. The request is read at once, since it is gone when the handler returns; the response is
 * never touched after it was ended or aborted, since that throws.
 */
export class UwsExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly #headers: Record<string, string> = {};
  readonly #address: ArrayBuffer;
  readonly #response: UwsResponse;
  readonly #home: UwsHome;
  readonly #body: UwsBody | null;
  #outflow: UwsOutflow | null = null;
  #gone: AbortController | null = null;
  #state: 'open' | 'answered' | 'aborted' = 'open';

  constructor(response: UwsResponse, request: UwsRequest, home: UwsHome) {
    this.#response = response;
    this.#home = home;
    this.method = request.getCaseSensitiveMethod();
    const query = request.getQuery();
    this.target = targetOf(query === undefined ? request.getUrl() : `${request.getUrl()}?${query}`);
    request.forEach((name, value) => {
      this.#takeHeader(name, value);
    });
    this.#address = response.getRemoteAddress();
    response.onAborted(() => this.#abort());
    const hasBody = 'content-length' in this.#headers || 'transfer-encoding' in this.#headers;
    this.#body = hasBody ? new UwsBody(response, home.clock) : null;
  }

  get peer(): string {
    return addressOf(this.#address);
  }
  get body(): AsyncIterable<Uint8Array> {
    return this.#body ?? noBody;
  }
  get answered(): boolean {
    return this.#state !== 'open';
  }
  get signal(): AbortSignal {
    if (this.#gone === null) {
      this.#gone = new AbortController();
      if (this.#state === 'aborted') this.#gone.abort();
    }
    return this.#gone.signal;
  }

  header(name: string): string | null {
    return this.#headers[name] ?? null;
  }

  answer(status: number, headers: Headers, body: string | Uint8Array | null): void {
    if (body !== null && body.length > largeBytes && this.method !== 'HEAD') {
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      const outflow = this.stream(status, { ...headers, 'content-length': String(bytes.length) });
      void outflow.write(bytes).then(() => outflow.end());
      return;
    }
    if (!this.#begin()) return;
    const response = this.#response;
    response.cork(() => {
      writeHead(response, status, headers);
      if (body !== null && this.method !== 'HEAD') response.end(body, this.#home.closing);
      else {
        const length = body === null ? headers['content-length'] : Buffer.byteLength(body);
        if (length !== undefined) response.writeHeader('content-length', String(length));
        response.endWithoutBody();
      }
    });
    this.#home.ended(this);
  }

  stream(status: number, headers: Headers): Outflow {
    const response = this.#response;
    const length = headers['content-length'];
    const outflow = new UwsOutflow(response, {
      clock: this.#home.clock,
      head: () => writeHead(response, status, headers),
      total: length === undefined ? null : Number(length),
      end: () => response.end('', this.#home.closing),
      onOver: () => this.#home.ended(this),
    });
    if (!this.#begin()) outflow.abort();
    this.#outflow = outflow;
    return outflow;
  }

  /** An answer begins. False when the caller has gone: then the response must not be touched. */
  #begin(): boolean {
    if (this.#state === 'aborted') return false;
    if (this.#state === 'answered') throw new Error('this call was answered before');
    this.#state = 'answered';
    this.#body?.drop();
    return true;
  }

  #abort(): void {
    this.#state = 'aborted';
    this.#body?.abort();
    this.#outflow?.abort();
    this.#gone?.abort();
    this.#home.ended(this);
  }

  #takeHeader(name: string, value: string): void {
    const before = this.#headers[name];
    if (before === undefined) this.#headers[name] = value;
    else if (!single.has(name)) this.#headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
}

const noBody: AsyncIterable<Uint8Array> = {
  async *[Symbol.asyncIterator]() {},
};

const statusLines = new Map(
  Object.entries(STATUS_CODES).map(([code, text]) => [Number(code), `${code} ${text}`] as const),
);

/** Status and headers; the length is written by uws itself. */
function writeHead(response: UwsResponse, status: number, headers: Headers): void {
  response.writeStatus(statusLines.get(status) ?? String(status));
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && name !== 'content-length') response.writeHeader(name, value);
  }
}
