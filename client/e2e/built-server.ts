import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The built server with both workers, as `npm start` runs it, on a data folder of its own. */
export interface BuiltServer {
  readonly url: string;
  /** The administrator's session cookie. */
  readonly cookie: string;
  /** As the administrator, or as whoever this API key is of. */
  api<T>(method: string, path: string, body?: unknown, key?: string): Promise<T>;
  /** kill -9, then the same command again on the same data. */
  crashAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBuiltServer(): Promise<BuiltServer> {
  const data = mkdtempSync(join(tmpdir(), 'concord-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess;
  let output = '';
  async function start(): Promise<void> {
    output = '';
    child = spawn(
      process.execPath,
      [join(root, 'server/dist/main.js'), '--data', data, '--port', String(port), '--log-level', 'warn'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child.stdout!.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr!.on('data', (chunk) => {
      output += chunk;
    });
    const end = Date.now() + 30_000;
    while (!output.includes('Concord is at')) {
      if (Date.now() > end || child.exitCode !== null)
        throw new Error(`the server did not start:\n${output}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
  await start();
  // The first-run link follows the line that says where it is, perhaps in the next chunk.
  const link = /\/join\/(\S+)\s/;
  for (let waited = 0; !link.test(output) && waited < 5000; waited += 50)
    await new Promise((done) => setTimeout(done, 50));
  const token = link.exec(output)?.[1];
  const joined = await fetch(`${url}/api/v1/invites/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-concord': '1' },
    body: JSON.stringify({ name: 'chief', display: 'The Chief', password: 'correct-horse-1' }),
  });
  const cookie = joined.headers.get('set-cookie')!.split(';')[0]!;
  return {
    url,
    cookie,
    async api<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(key === undefined ? { cookie, 'x-concord': '1' } : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
      return JSON.parse(text) as T;
    },
    async crashAndRestart() {
      await end('SIGKILL');
      await start();
    },
    async stop() {
      await end('SIGTERM');
      rmSync(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
