import { type ConcordEvent, makeEvent } from '@concord/core/events/event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from './bus.ts';

const event = (n: number, project = 'prj_a'): ConcordEvent =>
  makeEvent(
    'concord.item.reopened.v1',
    `e${n}:${project}`,
    { projectId: project as 'prj_a', taskId: `tsk_${n}`, revision: 1, reason: 'r', at: n },
    n,
  );

const imported = (n: number): ConcordEvent =>
  makeEvent(
    'concord.asset.imported.v1',
    `i${n}`,
    { projectId: 'prj_a', importId: `imp_${n}`, added: 1, at: n },
    n,
  );

/** What every bus must do; `make` gives one on fresh storage, `reopen` the same storage again. */
export function describeBusContract(
  name: string,
  open: () => Promise<{ bus: Bus; reopen(): Promise<Bus>; end(): Promise<void> }>,
): void {
  describe(`bus: ${name}`, () => {
    let made: Awaited<ReturnType<typeof open>>;
    beforeEach(async () => {
      made = await open();
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

    it('counts as waiting only what a consumer consumes', async () => {
      const filter = { types: ['concord.asset.imported.v1'] as const };
      await made.bus.publish([imported(1), event(1), event(2)]);
      const seen: string[] = [];
      const consumer = await made.bus.consume(
        { name: 'l', batch: 10, maxWaitMs: 5, ...filter },
        async (batch) => {
          seen.push(...batch.map((p) => p.event.id));
        },
      );
      await expect.poll(async () => (await made.bus.lag('l', filter)).waiting, { timeout: 15_000 }).toBe(0);
      expect(seen).toEqual(['i1']);
      await consumer.stop();
      await made.bus.publish([event(3), imported(2)]);
      expect((await made.bus.lag('l', filter)).waiting).toBeGreaterThan(0);
    });

    it('puts an event that never succeeds with the dead letters and goes on', async () => {
      await made.bus.publish([1, 2, 3].map((n) => event(n)));
      const seen: string[] = [];
      const consumer = await made.bus.consume(
        { name: 'd', batch: 3, maxWaitMs: 5, maxDeliveries: 2 },
        async (batch) => {
          if (batch.some((p) => p.event.id === 'e2:prj_a')) throw new Error('broken');
          seen.push(...batch.map((p) => p.event.id));
        },
      );
      await expect.poll(() => seen, { timeout: 15_000 }).toEqual(['e1:prj_a', 'e3:prj_a']);
      await consumer.stop();
      expect((await made.bus.deadLetters('d')).map((p) => p.event.id)).toEqual(['e2:prj_a']);
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
