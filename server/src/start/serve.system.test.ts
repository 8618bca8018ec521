import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScriptProcess, startScript } from '../testing/process.ts';

describe('concord serve, as a process', () => {
  let data: string;
  let started: ScriptProcess[];
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'concord-serve-'));
    started = [];
  });
  afterEach(async () => {
    for (const script of started) script.child.kill('SIGKILL');
    await Promise.all(started.map((script) => script.ended));
    rmSync(data, { recursive: true, force: true });
  });

  function serve(...args: string[]): ScriptProcess {
    const script = startScript('main.ts', ['--data', data, '--no-inference', '--no-versioning', ...args]);
    started.push(script);
    return script;
  }
  const addressOf = async (script: ScriptProcess) => (await script.waitFor(/Concord is at (\S+)/))[1] ?? '';

  test('prints address and one-time link; the link makes the first admin; the next start prints none', async () => {
    const first = serve('--port', '0');
    const url = await addressOf(first);
    const [, link = ''] = await first.waitFor(/first administrator[^:]*: (\S+)/);
    expect(link).toMatch(new RegExp(`^${url}/join/[\\w-]{43}$`));
    const accepted = await fetch(link.replace('/join/', '/api/v1/invites/'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'boss', display: 'Boss', password: 'a long enough one' }),
    });
    expect(((await accepted.json()) as { user: { role: string } }).user.role).toBe('admin');
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(existsSync(join(data, 'server.pid'))).toBe(false);

    const second = serve('--port', '0');
    await addressOf(second);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(second.stdout()).not.toContain('first administrator');
  });

  test('a second server on the same data folder is refused in one line; after kill -9 it takes over', async () => {
    const first = serve('--port', '0');
    await addressOf(first);
    const second = serve('--port', '0');
    expect(await second.ended).toBe(4);
    expect(second.stderr()).toMatch(/^Another Concord \(process \d+\) runs on .*--data FOLDER\n$/);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(existsSync(join(data, 'server.pid'))).toBe(true);
    await addressOf(serve('--port', '0'));
  });

  test('of several that start at once one serves, whatever an earlier one left; a wrong pid opens no door', async () => {
    const killed = serve('--port', '0');
    await addressOf(killed);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const racers = [serve('--port', '0'), serve('--port', '0'), serve('--port', '0')];
    const ends = await Promise.all(
      racers.map((r) =>
        Promise.race([
          r.ended,
          addressOf(r).then(
            () => 'serves',
            () => 'ended',
          ),
        ]),
      ),
    );
    expect(ends.map(String).sort()).toEqual(['4', '4', 'serves']);
    // As a server in another container would have it: its pid is nobody here.
    writeFileSync(join(data, 'server.pid'), JSON.stringify({ pid: 4_194_303, host: 'elsewhere' }));
    const late = serve('--port', '0');
    expect(await late.ended).toBe(4);
    expect(late.stderr()).toContain('Another Concord (process 4194303 on elsewhere) runs on');
  });

  test('nobody else on the machine can read the data folder, however it was made', async () => {
    chmodSync(data, 0o755);
    const script = serve('--port', '0');
    await addressOf(script);
    const modes = readdirSync(data).map((name) => [name, statSync(join(data, name)).mode & 0o077] as const);
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining(['concord.db', 'concord.db-wal', 'bus.db', 'blobs', 'worker.key', 'server.pid']),
    );
    expect(modes.filter(([, others]) => others !== 0)).toEqual([]);
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });

  test('a busy port is one line and exit code 3, and leaves no lock', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const script = serve('--port', String(port));
    expect(await script.ended).toBe(3);
    expect(script.stderr()).toBe(
      `Port ${port} is taken by another program. Stop it, or choose another port: --port ${port + 1}\n`,
    );
    expect(existsSync(join(data, 'server.pid'))).toBe(false);
    other.close();
  });

  test('wrong options and a data folder that is a file are one line each', async () => {
    const wrong = serve('--port', 'many');
    expect(await wrong.ended).toBe(2);
    expect(wrong.stderr().trim().split('\n')).toHaveLength(1);
    const file = join(data, 'file');
    writeFileSync(file, '');
    const script = startScript('main.ts', ['--data', file, '--port', '0']);
    started.push(script);
    expect(await script.ended).not.toBe(0);
    expect(script.stderr()).toBe(`${file} is not a folder. Choose another: --data FOLDER\n`);
  });

  test('a folder without write permission is one line', async () => {
    // The superuser may write everywhere but into what the kernel shows.
    const locked = process.getuid?.() === 0 ? '/sys/kernel/concord' : join(data, 'locked', 'below');
    if (locked.startsWith(data)) mkdirSync(join(data, 'locked'), { mode: 0o500 });
    const script = startScript('main.ts', ['--data', locked, '--port', '0']);
    started.push(script);
    expect(await script.ended).toBe(4);
    expect(script.stderr()).toBe(
      `The data folder ${locked} cannot be written. Give yourself the right to, or choose another: --data FOLDER\n`,
    );
  });

  test('the key of our own workers is readable by its owner only and stays the same', async () => {
    const file = join(data, 'worker.key');
    const first = serve('--port', '0');
    await addressOf(first);
    const key = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    first.child.kill('SIGTERM');
    await first.ended;
    const url = await addressOf(serve('--port', '0'));
    expect(readFileSync(file, 'utf8')).toBe(key);
    const response = await fetch(`${url}/api/v1/session`, {
      headers: { authorization: `Bearer ${key.trim()}` },
    });
    expect(((await response.json()) as { user: { role: string } }).user.role).toBe('model');
  });
});
