import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@concord/platform/observability/logger';
import { createVirtualClock } from '@concord/platform/testing/clock-virtual';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KeptChild, keepRunning } from './children.ts';

/** A worker that notes every start and its settings, and stays until told otherwise. */
const script = `
const { appendFileSync } = require('node:fs');
appendFileSync(process.env.NOTES, 'start ' + process.env.CONCORD_KEY + '\\n');
process.on('SIGTERM', () => { appendFileSync(process.env.NOTES, 'stop\\n'); process.exit(0); });
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
setInterval(() => {}, 1000);
`;

describe('keepRunning', () => {
  let folder: string;
  let kept: KeptChild | null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'concord-children-'));
    writeFileSync(join(folder, 'worker.cjs'), script);
    appendFileSync(join(folder, 'notes'), '');
    kept = null;
  });
  afterEach(async () => {
    const pid = kept?.pid();
    if (pid) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const notes = () => readFileSync(join(folder, 'notes'), 'utf8').trim().split('\n');
  const options = () => ({
    name: 'test',
    script: join(folder, 'worker.cjs'),
    environment: { NOTES: join(folder, 'notes'), CONCORD_KEY: 'ck_1' },
  });

  test('starts again after a kill -9, later each time, and stops when asked', async () => {
    const clock = createVirtualClock();
    kept = keepRunning(options(), clock, silentLogger);
    await expect.poll(notes).toEqual(['start ck_1']);
    for (const [delayMs, starts] of [
      [500, 2],
      [1000, 3],
    ] as const) {
      process.kill(kept.pid() ?? 0, 'SIGKILL');
      await expect.poll(() => kept?.pid()).toBeNull();
      await clock.advance(delayMs - 1);
      expect(kept.pid()).toBeNull();
      await clock.advance(1);
      await expect.poll(() => notes().length).toBe(starts);
    }
    await kept.stop();
    expect(notes().at(-1)).toBe('stop');
    expect(clock.pending()).toBe(0);
  });

  test('a stop while it waits to start again is the end', async () => {
    const clock = createVirtualClock();
    kept = keepRunning(options(), clock, silentLogger);
    await expect.poll(() => notes()[0]).toBe('start ck_1');
    process.kill(kept.pid() ?? 0, 'SIGKILL');
    await expect.poll(() => kept?.pid()).toBeNull();
    await kept.stop();
    await clock.advance(60_000);
    expect(kept.pid()).toBeNull();
    expect(notes()).toEqual(['start ck_1']);
  });

  test('a worker that was never built is left out', async () => {
    kept = keepRunning(
      { ...options(), script: join(folder, 'absent.js') },
      createVirtualClock(),
      silentLogger,
    );
    expect(kept.pid()).toBeNull();
    await kept.stop();
  });
});
