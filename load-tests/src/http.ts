import { Agent, request } from 'node:http';

/** `kept` connections are reused; `fresh` opens one a request, which Label Studio's own server answers sooner. */
export type Connections = 'kept' | 'fresh';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  json<T>(): T;
}

export interface Client {
  call(method: string, path: string, body?: unknown, raw?: { type: string; bytes: Buffer }): Promise<Answer>;
  /** Reads an answer to its end without keeping it. Returns its size in bytes. */
  drain(path: string): Promise<number>;
  close(): void;
}

/** A small HTTP client over node:http, the same for every server measured. Throws on statuses of 400 and above. */
export function createClient(
  base: string,
  headers: Record<string, string>,
  connections: Connections,
): Client {
  const agent =
    connections === 'kept'
      ? new Agent({ keepAlive: true, maxSockets: 64, noDelay: true })
      : new Agent({ keepAlive: false });
  const url = new URL(base);
  function open(method: string, path: string, extra: Record<string, string>, bytes: Buffer | null) {
    return request({
      host: url.hostname,
      port: url.port,
      path,
      method,
      agent,
      headers: { ...headers, ...extra, ...(bytes ? { 'content-length': String(bytes.length) } : {}) },
    });
  }
  return {
    call(method, path, body, raw) {
      return new Promise((done, fail) => {
        const bytes = raw?.bytes ?? (body === undefined ? null : Buffer.from(JSON.stringify(body)));
        const req = open(
          method,
          path,
          bytes ? { 'content-type': raw?.type ?? 'application/json' } : {},
          bytes,
        );
        req.on('error', fail);
        req.on('response', (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (c: Buffer) => chunks.push(c));
          res.on('error', fail);
          res.on('end', () => {
            const all = Buffer.concat(chunks);
            const status = res.statusCode ?? 0;
            if (status >= 400)
              fail(new Error(`${method} ${path} answered ${status}: ${all.toString('utf8').slice(0, 300)}`));
            else done({ status, body: all, json: <T>() => JSON.parse(all.toString('utf8')) as T });
          });
        });
        req.end(bytes ?? undefined);
      });
    },
    drain(path) {
      return new Promise((done, fail) => {
        const req = open('GET', path, {}, null);
        req.on('error', fail);
        req.on('response', (res) => {
          let size = 0;
          res.on('data', (c: Buffer) => {
            size += c.length;
          });
          res.on('error', fail);
          res.on('end', () =>
            (res.statusCode ?? 0) >= 400
              ? fail(new Error(`GET ${path} answered ${res.statusCode}`))
              : done(size),
          );
        });
        req.end();
      });
    },
    close: () => agent.destroy(),
  };
}
