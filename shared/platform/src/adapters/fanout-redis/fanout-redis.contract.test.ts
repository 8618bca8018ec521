import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../observability/logger.ts';
import { describeFanoutContract } from '../../ports/fanout.contract.ts';
import type { Fanout } from '../../ports/fanout.ts';
import { type ServerProcess, startRedis } from '../../testing/servers.ts';
import { systemClock, systemRandomness } from '../clock-system/clock-system.ts';
import { createRedisFanout } from './fanout-redis.ts';

const patient = { timeout: 15_000, interval: 20 };
const nodeOn = ({ url }: Pick<ServerProcess, 'url'>): Fanout =>
  createRedisFanout({ url, clock: systemClock, random: systemRandomness, logger: silentLogger });

describeFanoutContract('Redis', 3, async () => {
  const redis = await startRedis();
  const nodes = [nodeOn(redis), nodeOn(redis), nodeOn(redis)];
  return {
    nodes,
    async end() {
      await Promise.all(nodes.map((node) => node.close()));
      await redis.stop();
    },
  };
});

describe('the fanout while Redis is away', () => {
  let redis: ServerProcess;
  let one: Fanout;
  let other: Fanout;
  let heard: string[];
  let tuned: number;
  beforeEach(async () => {
    redis = await startRedis();
    one = nodeOn(redis);
    other = nodeOn(redis);
    heard = [];
    tuned = 0;
    other.subscribe(
      'news',
      (message) => heard.push(message),
      () => {
        tuned += 1;
      },
    );
    await expect.poll(() => one.status().reaching && tuned > 0, patient).toBe(true);
  });
  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
    redis.resume();
    await redis.stop();
  });

  it('loses messages without a complaint, says why, comes back by itself and says what may be missing', async () => {
    await redis.kill();
    await expect
      .poll(() => [one, other].map((node) => node.status().reaching), patient)
      .toEqual([false, false]);
    expect(one.status().problem).toMatch(/ECONNREFUSED|closed/i);
    one.publish('news', 'lost');
    const later: string[] = [];
    other.subscribe('later', (message) => later.push(message));
    const before = tuned;
    await redis.restart();
    await expect
      .poll(() => [one, other].map((node) => node.status().reaching), patient)
      .toEqual([true, true]);
    await expect.poll(() => tuned, patient).toBeGreaterThan(before);
    one.publish('news', 'again');
    one.publish('later', 'too');
    await expect.poll(() => [heard, later], patient).toEqual([['again'], ['too']]);
  });

  it('keeps a bounded amount for a Redis that stands still, and tells the others when it dropped some', async () => {
    redis.pause();
    const big = 'x'.repeat(1024 * 1024);
    for (let i = 0; i < 100; i++) one.publish('news', big);
    const waits = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    for (let i = 0; i < 400; i++) one.publish('news', `${i}${big}`);
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - waits;
    expect(grown).toBeLessThan(32 * 1024 * 1024);
    await expect.poll(() => one.status().problem, patient).toBe('Redis does not answer');
    const before = tuned;
    redis.resume();
    await expect.poll(() => one.status().reaching && other.status().reaching, patient).toBe(true);
    await expect.poll(() => tuned, patient).toBeGreaterThan(before);
    one.publish('news', 'again');
    await expect.poll(() => heard.at(-1), patient).toBe('again');
    expect(heard.length).toBeLessThan(20);
  });

  it('gives up a connection that stays silent, and is whole again when Redis goes on', async () => {
    redis.pause();
    await expect.poll(() => one.status().problem, patient).toBe('Redis does not answer');
    // Longer than a connection is kept that nothing comes through.
    await new Promise((done) => setTimeout(done, 7_000));
    redis.resume();
    await expect.poll(() => one.status().reaching && other.status().reaching, patient).toBe(true);
    one.publish('news', 'again');
    await expect.poll(() => heard.at(-1), patient).toBe('again');
  });

  it('closes at once, whether Redis answers or not', async () => {
    await redis.kill();
    await expect.poll(() => one.status().reaching, patient).toBe(false);
    const from = performance.now();
    await one.close();
    expect(performance.now() - from).toBeLessThan(1_500);
  });
});
