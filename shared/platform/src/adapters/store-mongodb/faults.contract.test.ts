import { isConcordError } from '@concord/core/errors/concord-error';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../observability/logger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { startCuttingProxy } from '../../testing/cutting-proxy.ts';
import { createSeededRandomness } from '../../testing/random-seeded.ts';
import { sampleEntry, sampleEvent } from '../../testing/records.ts';
import { type ServerProcess, startMongo } from '../../testing/servers.ts';
import { systemClock, systemRandomness } from '../clock-system/clock-system.ts';
import { createMongoStore } from './store-mongodb.ts';

const sleep = (ms: number) => new Promise<void>((done) => void systemClock.after(ms, done));

describe('MongoDB that fails', () => {
  let server: ServerProcess;
  let stores: Store[];
  let skewMs: number;
  /** The system's time, put forward by the test. */
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + skewMs };
  let database = 0;
  beforeAll(async () => {
    server = await startMongo();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    skewMs = 0;
    stores = [];
    database += 1;
  });
  afterEach(async () => {
    server.resume();
    await Promise.all(stores.map((store) => store.close()));
    // The fewer databases there are, the sooner a server that was killed is back.
    const client = new MongoClient(server.url, { serverSelectionTimeoutMS: 2000 });
    await client
      .db(`faults_${database}`)
      .dropDatabase()
      // A test that failed may have left it dead; the next ones are to be about themselves.
      .catch(() => server.restart());
    await client.close();
  });
  async function open(port = server.port, own = clock): Promise<Store> {
    const url = `mongodb://127.0.0.1:${port}/faults_${database}?directConnection=true`;
    const store = await createMongoStore({ url, clock: own, random: systemRandomness, logger: silentLogger });
    stores.push(store);
    return store;
  }

  /** One of everything, so that a half of it would be seen. */
  const whole = (id: string, room: string, seq: number) => ({
    writes: [
      {
        put: 'idempotency',
        record: { id, fingerprint: room, answer: null, expiresAt: 1 },
        expect: 'absent',
      } as const,
    ],
    inc: { all: 1, [`by/${room}`]: 1 },
    outbox: [sampleEvent(id)],
    log: { room, expectedSeq: seq, entries: [sampleEntry(seq + 1, id)] },
  });

  /** What a store holds, by each of the places that a unit of `whole` writes to. */
  async function held(store: Store, rooms: readonly string[]) {
    const records: string[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await store.page('idempotency', { index: 'expiry', limit: 500, after });
      records.push(...page.items.map(({ record }) => record.id));
      after = page.next ?? undefined;
      more = page.next !== null;
    }
    const logs = await Promise.all(rooms.map((room) => store.log.read(room, 0)));
    for (const log of logs) expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
    return {
      records: records.sort(),
      events: (await store.outbox(1e6)).map(({ event }) => event.id).sort(),
      entries: logs.flatMap((log) => log.map(({ op }) => (op.t === 'comment' ? op.text : ''))).sort(),
      counted: (await store.counters(['all'])).get('all'),
      byRoom: [...(await store.countersWith('by/')).values()].reduce((a, b) => a + b, 0),
    };
  }
  const allOf = (ids: readonly string[]) => {
    const sorted = [...ids].sort();
    return { records: sorted, events: sorted, entries: sorted, counted: ids.length, byRoom: ids.length };
  };

  /** Commits to a room of its own and to one that all share, until told to stop; what was acknowledged, by id. */
  function writeOn(store: Store, name: string) {
    const acknowledged: string[] = [];
    const unexpected: unknown[] = [];
    let going = true;
    const lane = async (room: string) => {
      let seq = (await store.log.read(room, 0)).length;
      for (let n = 0; going; n += 1) {
        const id = `${name}/${room}/${n}`;
        try {
          await store.commit(whole(id, room, seq));
          acknowledged.push(id);
          seq += 1;
        } catch (error) {
          if (isConcordError(error, 'room.stale')) seq = (await store.log.read(room, 0)).length;
          else unexpected.push(error);
        }
      }
    };
    const done = Promise.all([`${name}-1`, `${name}-2`, `${name}-3`, 'shared'].map(lane));
    return {
      acknowledged,
      /** Waits until so many more units were acknowledged. */
      async further(units: number) {
        const wanted = acknowledged.length + units;
        while (acknowledged.length < wanted) await sleep(5);
      },
      async stop() {
        going = false;
        await done;
        expect(unexpected).toEqual([]);
      },
    };
  }
  const roomsOf = (names: readonly string[]) => [
    'shared',
    ...names.flatMap((n) => [1, 2, 3].map((i) => `${n}-${i}`)),
  ];

  it('killed (-9) again and again while two write: what was acknowledged is there once, and nothing else or half', async () => {
    const random = createSeededRandomness(7);
    const [a, b] = [await open(), await open()];
    const writers = [writeOn(a, 'a'), writeOn(b, 'b')];
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(writers.map((writer) => writer.further(10)));
      await sleep(random.number() * 100);
      await server.restart();
    }
    await Promise.all(writers.map((writer) => writer.further(10)));
    await Promise.all(writers.map((writer) => writer.stop()));
    const acknowledged = writers.flatMap((writer) => writer.acknowledged);
    expect(await held(b, roomsOf(['a', 'b']))).toEqual(allOf(acknowledged));
  });

  it('away: acknowledgements wait, reads wait, health tells; all is answered when it is back', async () => {
    const store = await open();
    await store.commit(whole('first', 'r', 0));
    await server.kill();
    const settled: string[] = [];
    const calls = [
      store.commit(whole('second', 'r', 1)).then(() => settled.push('commit')),
      store.get('idempotency', 'first').then((found) => settled.push(`get ${found?.record.id}`)),
      store.reserve('numbers', 5).then((last) => settled.push(`reserve ${last >= 5}`)),
    ];
    await sleep(1500);
    expect(settled).toEqual([]);
    expect(store.health()).toMatchObject({ state: 'retrying', detail: expect.any(String) });
    expect(store.health().since).toBeGreaterThan(0);
    await server.restart();
    await Promise.all(calls);
    expect(settled.sort()).toEqual(['commit', 'get first', 'reserve true']);
    expect(store.health()).toEqual({ state: 'ok', since: null, detail: null });
    expect(await held(store, ['r'])).toEqual(allOf(['first', 'second']));
  });

  it('away for more than 30 s: calls are refused as overloaded, and what was refused was not written', async () => {
    const store = await open();
    await store.commit(whole('first', 'r', 0));
    await server.kill();
    const outcomes = Promise.all(
      [store.commit(whole('late', 'r', 1)), store.get('idempotency', 'first'), store.counters(['all'])].map(
        (call) =>
          call.then(
            () => 'answered',
            (error: unknown) => (isConcordError(error) ? error.code : String(error)),
          ),
      ),
    );
    await sleep(500);
    skewMs = 31_000;
    expect(await outcomes).toEqual(['overloaded', 'overloaded', 'overloaded']);
    expect(store.health().state).toBe('down');
    await server.restart();
    await store.commit(whole('second', 'r', 1));
    expect(await held(store, ['r'])).toEqual(allOf(['first', 'second']));
    expect(store.health().state).toBe('ok');
  });

  it('stopped where it stands for a while: what was under way stands once', async () => {
    const [a, b] = [await open(), await open()];
    const writers = [writeOn(a, 'a'), writeOn(b, 'b')];
    await Promise.all(writers.map((writer) => writer.further(10)));
    server.pause();
    await sleep(8000);
    server.resume();
    await Promise.all(writers.map((writer) => writer.further(10)));
    await Promise.all(writers.map((writer) => writer.stop()));
    const acknowledged = writers.flatMap((writer) => writer.acknowledged);
    expect(await held(a, roomsOf(['a', 'b']))).toEqual(allOf(acknowledged));
  });

  it('a commit whose answer is lost is neither repeated nor refused', async () => {
    const proxy = await startCuttingProxy(server.port);
    const store = await open(proxy.port);
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const lost = proxy.loseAnswerTo('commitTransaction');
      await store.commit(whole(`lost ${n}`, 'r', n));
      ids.push(`lost ${n}`);
      await lost;
    }
    expect(await held(store, ['r'])).toEqual(allOf(ids));
    await proxy.close();
  });

  it('killed in the middle of a commit: the store finds out what became of it before it says anything', async () => {
    const proxy = await startCuttingProxy(server.port);
    const store = await open(proxy.port);
    const ids: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      const id = `killed ${n}`;
      const lost = proxy.loseAnswerTo('commitTransaction');
      const committed = store.commit(whole(id, 'r', n));
      await lost;
      await server.kill();
      await server.restart();
      await committed;
      ids.push(id);
    }
    expect(await held(store, ['r'])).toEqual(allOf(ids));
    await proxy.close();
  });

  it('an answer that never comes is not waited for without end, whatever was asked', async () => {
    const proxy = await startCuttingProxy(server.port);
    const hasty: Clock = { ...clock, after: (ms, run) => systemClock.after(ms / 20, run) };
    const store = await open(proxy.port, hasty);
    await store.commit(whole('first', 'r', 0));
    const ids = ['first'];
    // A read and a write within the transaction, the taking of row numbers, and the commit itself.
    for (const [n, text] of ['roomHeads', 'roomLog', 'findAndModify', 'commitTransaction'].entries()) {
      const swallowed = proxy.swallow(text);
      await store.commit(whole(text, 'r', n + 1));
      await swallowed;
      ids.push(text);
    }
    const swallowed = proxy.swallow('sessions');
    expect(await store.get('sessions', 'nobody')).toBeNull();
    await swallowed;
    expect(await held(store, ['r'])).toEqual(allOf(ids));
    await proxy.close();
  });

  it('connections cut at any moment lose and double nothing', async () => {
    const random = createSeededRandomness(11);
    const proxy = await startCuttingProxy(server.port);
    const [a, b] = [await open(proxy.port), await open()];
    const writers = [writeOn(a, 'a'), writeOn(b, 'b')];
    for (let cut = 0; cut < 12; cut += 1) {
      await Promise.all(writers.map((writer) => writer.further(4)));
      await sleep(random.number() * 20);
      proxy.cutAll();
    }
    await Promise.all(writers.map((writer) => writer.stop()));
    const acknowledged = writers.flatMap((writer) => writer.acknowledged);
    expect(await held(b, roomsOf(['a', 'b']))).toEqual(allOf(acknowledged));
    await proxy.close();
  });
});
