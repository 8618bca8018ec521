import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFileLock } from './file-lock.ts';

let dir: string;
let file: string;
let children: ChildProcess[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'concord-lock-'));
  file = join(dir, 'a.lock');
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

/** Another process that tries to take the lock, says whether it could, and stays. */
async function other(): Promise<{ took: boolean; kill(): Promise<void> }> {
  const loader = new URL('../../testing/read-typescript.mjs', import.meta.url).href;
  const lock = new URL('./file-lock.ts', import.meta.url).href;
  const code = `
    const { openFileLock } = await import(${JSON.stringify(lock)});
    globalThis.lock = openFileLock(${JSON.stringify(file)});
    process.stdout.write(globalThis.lock.tryTake() ? 'took' : 'free for others only');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  return {
    took: said.toString() === 'took',
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

it('has one holder, within a process and between processes, and ends with a holder that is killed', async () => {
  const first = await other();
  expect(first.took).toBe(true);
  const here = openFileLock(file);
  const again = openFileLock(file);
  expect([here.tryTake(), again.tryTake()]).toEqual([false, false]);
  await first.kill();
  expect(here.tryTake()).toBe(true);
  expect(again.tryTake()).toBe(false);
  const second = await other();
  expect(second.took).toBe(false);
  await second.kill();
  here.release();
  expect(again.tryTake()).toBe(true);
  again.close();
  const third = await other();
  expect(third.took).toBe(true);
  here.close();
});

it('waits as long as it was told to', () => {
  const holder = openFileLock(file);
  holder.tryTake();
  const waiting = openFileLock(file, 300);
  const from = performance.now();
  expect(waiting.tryTake()).toBe(false);
  expect(performance.now() - from).toBeGreaterThan(200);
  waiting.close();
  holder.close();
});

it('is a file that only its owner can read', () => {
  openFileLock(file).close();
  expect(statSync(file).mode & 0o077).toBe(0);
});
