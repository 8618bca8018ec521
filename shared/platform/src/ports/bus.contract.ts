import { type ConcordEvent, makeEvent } from '@concord/core/events/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';

const event = (n: number, project = 'prj_a'): ConcordEvent =>
  makeEvent(
    'concord.item.reopened.v1',
    `e${n}:${project}`,
    { projectId: project as 'prj_a', taskId: `tsk_${n}`, revision: 1, reason: 'r', at: n },
    n,
  );

export interface BusUnderTest {
  readonly bus: Bus;
  /** The same storage again. */
  reopen(): Promise<Bus>;
  /** Puts something into the stream that has the event's id and type and cannot be read as one. */
  break(event: ConcordEvent): Promise<void>;
  end(): Promise<void>;
}

/** Real time, twenty times as fast: pauses after failures grow to seconds. */
const hastyClock: Clock = {
  now: () => performance.now() * 20,
  after: (ms, run) => {
    const timer = setTimeout(run, ms / 20);
    return () => clearTimeout(timer);
  },
};

/** What every bus must do; `open` gives one on fresh storage. */
export function describeBusContract(name: string, open: (clock: Clock) => Promise<BusUnderTest>): void {
  describe(`bus: ${name}`, () => {
    let made: Awaited<ReturnType<typeof open>>;
    beforeEach(async () => {
      made = await open(hastyClock);
    });
    afterEach(() => made.end());

    it('keeps the order, and stores an id once', async () => {
      await made.bus.publish([event(1), event(2)]);
      await made.bus.publish([event(2), event(3)]);
      const all = await made.bus.read(0, 10);
      expect(all.map((p) => p.event.id)).toEqual(['e1:prj_a', 'e2:prj_a', 'e3:prj_a']);
      expect(all.every((p, i) => i === 0 || p.position > all[i - 1]!.position)).toBe(true);
      expect(await made.bus.last()).toBe(all[2]!.position);
      expect((await made.bus.read(all[0]!.position, 1)).map((p) => p.event.id)).toEqual(['e2:prj_a']);
    });

    it('filters by project and type', async () => {
      await made.bus.publish([event(1), event(2, 'prj_b'), event(3)]);
      expect((await made.bus.read(0, 10, { projectId: 'prj_b' })).map((p) => p.event.id)).toEqual([
        'e2:prj_b',
      ]);
      expect(await made.bus.read(0, 10, { types: ['concord.item.finalized.v1'] })).toEqual([]);
    });

    it('delivers everything in order, again after a failure, and goes on where it was after a restart', async () => {
      await made.bus.publish([1, 2, 3, 4, 5].map((n) => event(n)));
      const seen: string[] = [];
      let failures = 0;
      const consumer = await made.bus.consume({ name: 'c', batch: 2, maxWaitMs: 10 }, async (batch) => {
        if (failures++ === 0) throw new Error('once');
        seen.push(...batch.map((p) => p.event.id));
      });
      await expect.poll(() => seen.length, { timeout: 15_000 }).toBe(5);
      await consumer.stop();
      expect(seen).toEqual(['e1:prj_a', 'e2:prj_a', 'e3:prj_a', 'e4:prj_a', 'e5:prj_a']);
      const again = await made.reopen();
      await again.publish([event(6)]);
      const later: string[] = [];
      const second = await again.consume({ name: 'c', batch: 10, maxWaitMs: 10 }, async (batch) => {
        later.push(...batch.map((p) => p.event.id));
      });
      await expect.poll(() => later.length, { timeout: 15_000 }).toBe(1);
      await second.stop();
      expect(later).toEqual(['e6:prj_a']);
      await again.close();
    });

    it('waits for a consumer that fails, however often, and buries nothing', async () => {
      await made.bus.publish([1, 2, 3].map((n) => event(n)));
      const seen: string[] = [];
      let failures = 0;
      const consumer = await made.bus.consume({ name: 'w', batch: 3, maxWaitMs: 5 }, async (batch) => {
        // One event is enough to fail its batch, and does so more often than any limit on deliveries once was.
        if (failures < 15 && batch.some((p) => p.event.id === 'e2:prj_a')) {
          failures += 1;
          throw new Error('no space left on device');
        }
        seen.push(...batch.map((p) => p.event.id));
      });
      await expect.poll(() => failures, { timeout: 30_000 }).toBe(15);
      await expect.poll(() => seen, { timeout: 15_000 }).toEqual(['e1:prj_a', 'e2:prj_a', 'e3:prj_a']);
      await consumer.stop();
      expect(await made.bus.deadLetters()).toEqual([]);
    });

    it('sets aside what the handler says, goes on with the rest, and delivers it again when asked to', async () => {
      await made.bus.publish([1, 2, 3].map((n) => event(n)));
      const seen: string[] = [];
      const others: string[] = [];
      let fits = false;
      let thrown = false;
      const consumer = await made.bus.consume({ name: 'd', batch: 3, maxWaitMs: 5 }, async (batch, aside) => {
        for (const one of batch) if (!fits && one.event.id === 'e2:prj_a') aside(one, 'does not fit');
        if (!thrown) {
          thrown = true;
          throw new Error('what was set aside before this did not happen');
        }
        seen.push(...batch.map((p) => p.event.id));
      });
      const other = await made.bus.consume({ name: 'o', batch: 3, maxWaitMs: 5 }, async (batch) => {
        others.push(...batch.map((p) => p.event.id));
      });
      const letters = () => made.bus.deadLetters('d');
      await expect.poll(async () => (await letters()).length, { timeout: 15_000 }).toBe(1);
      const [letter] = await letters();
      expect(letter).toMatchObject({ consumer: 'd', reason: 'does not fit', at: expect.any(Number) });
      expect(JSON.parse(letter?.body ?? '')).toEqual(event(2));
      expect(letter?.position).toBe((await made.bus.read(0, 10))[1]?.position);
      expect(await made.bus.deadLetters()).toEqual([letter]);
      expect(await made.bus.deadLetters('o')).toEqual([]);

      const count = seen.length;
      expect(await made.bus.replay('d')).toBe(1);
      await expect.poll(() => seen.slice(count), { timeout: 15_000 }).toEqual(['e2:prj_a']);
      await expect.poll(async () => (await letters()).length, { timeout: 15_000 }).toBe(1);
      fits = true;
      expect(await made.bus.replay()).toBe(1);
      await expect.poll(() => seen.slice(count + 1), { timeout: 15_000 }).toEqual(['e2:prj_a']);
      expect(await letters()).toEqual([]);
      expect(await made.bus.replay()).toBe(0);

      await made.bus.publish([event(4)]);
      await expect.poll(() => others.at(-1), { timeout: 15_000 }).toBe('e4:prj_a');
      expect(others).toEqual(['e1:prj_a', 'e2:prj_a', 'e3:prj_a', 'e4:prj_a']);
      expect((await made.bus.read(0, 10)).map((p) => p.event.id)).toEqual(others);
      await consumer.stop();
      await other.stop();
    });

    it('passes over what is no event, in streams and for consumers, and keeps it for those who ask', async () => {
      await made.bus.publish([event(1)]);
      await made.break(event(2));
      await made.bus.publish([event(3)]);
      expect((await made.bus.read(0, 1)).map((p) => p.event.id)).toEqual(['e1:prj_a']);
      expect((await made.bus.read(0, 2)).map((p) => p.event.id)).toEqual(['e1:prj_a', 'e3:prj_a']);
      const seen: string[] = [];
      const consumer = await made.bus.consume(
        { name: 'b', batch: 2, maxWaitMs: 5, types: ['concord.item.reopened.v1'] },
        async (batch) => {
          seen.push(...batch.map((p) => p.event.id));
        },
      );
      await expect.poll(() => seen, { timeout: 15_000 }).toEqual(['e1:prj_a', 'e3:prj_a']);
      await expect.poll(async () => (await made.bus.deadLetters('b')).length, { timeout: 15_000 }).toBe(1);
      const [letter] = await made.bus.deadLetters('b');
      expect(letter?.reason).not.toBe('');
      expect(letter?.body).toContain('e2:prj_a');
      await consumer.stop();
    });

    it('says that there is news', async () => {
      let news = 0;
      const stop = made.bus.watch(() => {
        news += 1;
      });
      await new Promise((done) => setTimeout(done, 100));
      await made.bus.publish([event(1)]);
      await expect.poll(() => news, { timeout: 5000 }).toBeGreaterThan(0);
      stop();
    });
  });
}
