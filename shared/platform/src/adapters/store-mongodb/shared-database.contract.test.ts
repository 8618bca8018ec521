import { isConcordError } from '@concord/core/errors/concord-error';
import { type Document, MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../observability/logger.ts';
import type { Store } from '../../ports/store.ts';
import { sampleEntry, sampleEvent, sampleTask, sampleUser } from '../../testing/records.ts';
import { refusal } from '../../testing/refusal.ts';
import { type ServerProcess, startMongo } from '../../testing/servers.ts';
import { systemClock, systemRandomness } from '../clock-system/clock-system.ts';
import { createMongoStore } from './store-mongodb.ts';
import type { WriterDoc } from './tables.ts';

let server: ServerProcess;
let client: MongoClient;
let stores: Store[];
let database = 0;
beforeAll(async () => {
  server = await startMongo();
  client = new MongoClient(server.url);
});
afterAll(async () => {
  await client.close();
  await server.stop();
});
beforeEach(() => {
  stores = [];
  database += 1;
});
afterEach(() => Promise.all(stores.map((store) => store.close())));

const db = () => client.db(`shared_${database}`);
async function open(): Promise<Store> {
  const parts = { clock: systemClock, random: systemRandomness, logger: silentLogger };
  const store = await createMongoStore({ url: `${server.url}/shared_${database}`, ...parts });
  stores.push(store);
  return store;
}
const openTwo = () => Promise.all([open(), open()]);
const times = <T>(n: number, work: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => work(i));

describe('two stores on one MongoDB', () => {
  it('count the same things at once, exactly, and see each other', async () => {
    const [a, b] = await openTwo();
    await Promise.all(
      [a, b].flatMap((store) =>
        times(20, async () => {
          for (let n = 0; n < 10; n += 1) await store.commit({ inc: { hot: 1, [`k/${n}`]: 2 * n - 9 } });
        }),
      ),
    );
    for (const store of [a, b]) {
      expect(await store.counters(['hot', 'cold'])).toEqual(
        new Map([
          ['hot', 400],
          ['cold', 0],
        ]),
      );
      const sums = times(10, (n) => [`k/${n}`, 40 * (2 * n - 9)] as const);
      expect(await store.countersWith('k/')).toEqual(new Map(sums));
    }
  });

  it('reserve numbers that the other does not get', async () => {
    const [a, b] = await openTwo();
    const ends = await Promise.all(times(60, (i) => (i % 2 === 0 ? a : b).reserve('block', 3)));
    expect(ends.sort((x, y) => x - y)).toEqual(times(60, (i) => 3 * (i + 1)));
    expect((await a.counters(['block'])).get('block')).toBe(180);
  });

  it('race for records, and exactly one wins each revision', async () => {
    const [a, b] = await openTwo();
    await a.commit({ writes: [{ put: 'tasks', record: sampleTask(1), expect: 'absent' }] });
    let won = 0;
    for (let rev = 1; rev <= 8; rev += 1) {
      const outcomes = await Promise.all(
        [a, b, a, b].map((store, i) =>
          refusal(
            store.commit({
              writes: [{ put: 'tasks', record: sampleTask(1, { preview: `${i}` }), expect: rev }],
              inc: { won: 1 },
            }),
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'conflict at rev')).toHaveLength(3);
      won += 1;
    }
    expect((await b.get('tasks', 'tsk_000001'))?.rev).toBe(won + 1);
    expect((await b.counters(['won'])).get('won')).toBe(won);
  });

  it('race for new records and unique values, and exactly one gets each', async () => {
    const [a, b] = await openTwo();
    for (let n = 0; n < 8; n += 1) {
      const same = [a, b].map((store, i) =>
        refusal(
          store.commit({
            writes: [{ put: 'tasks', record: sampleTask(n, { preview: `${i}` }), expect: 'absent' }],
          }),
        ),
      );
      expect((await Promise.all(same)).sort()).toEqual(['conflict at id', null].sort());
      const named = [a, b].map((store, i) => {
        const record = { ...sampleUser(`u${n}-${i}`), name: `name${n}` };
        return refusal(store.commit({ writes: [{ put: 'users', record, expect: 'absent' }] }));
      });
      expect((await Promise.all(named)).sort()).toEqual(['conflict at name', null].sort());
    }
    expect((await a.page('users', { index: 'name', limit: 50 })).items).toHaveLength(8);
  });

  it('append to one room at once: no gap, nothing acknowledged is lost, who is behind hears so', async () => {
    const [a, b] = await openTwo();
    const acknowledged: string[] = [];
    let stale = 0;
    const write = async (store: Store, name: string) => {
      let seq = 0;
      for (let n = 0; n < 60; ) {
        const texts = times(1 + (n % 3), (i) => `${name}/${n}/${i}`);
        const entries = texts.map((text, i) => sampleEntry(seq + 1 + i, text));
        try {
          seq = await store.log.append('r', seq, entries);
          acknowledged.push(...texts);
          n += 1;
        } catch (error) {
          if (!isConcordError(error, 'room.stale')) throw error;
          stale += 1;
          seq += (await store.log.read('r', seq)).length;
        }
      }
    };
    await Promise.all([write(a, 'a'), write(b, 'b'), write(a, 'c')]);
    const log = await b.log.read('r', 0);
    expect(log.map(({ seq }) => seq)).toEqual(times(log.length, (i) => i + 1));
    const texts = log.map(({ op }) => (op.t === 'comment' ? op.text : ''));
    expect(texts.sort()).toEqual(acknowledged.sort());
    expect(stale).toBeGreaterThan(0);
  });

  it('number the outbox upwards: what is committed after something was seen comes after it', async () => {
    const [a, b] = await openTwo();
    const order: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const store = n % 2 === 0 ? a : b;
      await store.commit({ outbox: [sampleEvent(`e${n}`), sampleEvent(`f${n}`)] });
      order.push(`e${n}`, `f${n}`);
      const rows = await (n % 2 === 0 ? b : a).outbox(100);
      expect(rows.map(({ event }) => event.id)).toEqual(order);
      if (n % 5 === 4) {
        await store.outboxSent(rows.map(({ row }) => row));
        order.length = 0;
      }
    }
    const all = await Promise.all(
      times(20, (n) => (n % 2 === 0 ? a : b).commit({ outbox: [sampleEvent(`p${n}`)] })),
    );
    const rows = (await a.outbox(100)).map(({ row }) => row);
    expect(new Set(rows).size).toBe(all.length);
  });

  it('do not wait for what a dead one left open', async () => {
    const [a] = await openTwo();
    await a.log.append('r', 0, [sampleEntry(1)]);
    const dead = client.startSession();
    dead.startTransaction();
    await db()
      .collection<{ _id: string }>('roomHeads')
      .updateOne({ _id: 'r' }, { $set: { seq: 2 } }, { session: dead });
    await db().collection<WriterDoc>('writers').insertOne({ _id: dead.id!.id, at: new Date() });
    const from = performance.now();
    expect(await a.log.append('r', 1, [sampleEntry(2)])).toBe(2);
    expect(performance.now() - from).toBeLessThan(8_000);
    await expect(dead.commitTransaction()).rejects.toThrow();
    await dead.endSession();
    expect(await a.log.read('r', 0)).toHaveLength(2);
    // Who lives is not taken for dead, and who has closed is not remembered.
    await a.close();
    expect(await db().collection('writers').countDocuments()).toBe(0);
  });

  it('keep the newest snapshot, whoever writes it', async () => {
    const [a, b] = await openTwo();
    const newest = times(20, (i) =>
      (i % 2 === 0 ? a : b).log.putSnapshot('r', (i * 7) % 20, `at ${(i * 7) % 20}`),
    );
    await Promise.all(newest);
    expect(await b.log.getSnapshot('r')).toEqual({ seq: 19, state: 'at 19' });
  });
});

/** How many commands of the kinds that a store sends the server has run. */
async function commandsSoFar(): Promise<number> {
  const { metrics } = await client.db('admin').command({ serverStatus: 1 });
  const kinds = ['find', 'insert', 'update', 'delete', 'findAndModify', 'aggregate', 'commitTransaction'];
  return kinds.reduce((sum, kind) => sum + Number(metrics.commands[kind].total), 0);
}

describe('a MongoDB store', () => {
  it('lets the others of a group stand when one breaks the transaction in a way nobody foresaw', async () => {
    const store = await open();
    await db().command({ collMod: 'users', validator: { 'keys.name': { $ne: 'poison' } } });
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'poison', 'c', 'd'].map((name) =>
        store.commit({
          writes: [{ put: 'users', record: sampleUser(name), expect: 'absent' }],
          inc: { users: 1 },
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true]);
    expect((await store.page('users', { index: 'name', limit: 9 })).items.map((u) => u.record.name)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect((await store.counters(['users'])).get('users')).toBe(4);
  });

  it('refuses what no document can hold, alone', async () => {
    const store = await open();
    const long = store.commit({
      writes: [
        {
          put: 'users',
          record: { ...sampleUser('long'), display: 'x'.repeat(15 * 1024 * 1024) },
          expect: 'any',
        },
      ],
    });
    const named = store.commit({
      writes: [{ put: 'users', record: sampleUser('x'.repeat(8 * 1024 * 1024)), expect: 'any' }],
    });
    const other = store.commit({ inc: { other: 1 } });
    await expect(long).rejects.toSatisfy((error) => isConcordError(error, 'input.too_large'));
    await expect(named).rejects.toSatisfy((error) => isConcordError(error, 'input.too_large'));
    await other;
    // Short enough each, too long for one document of the log together.
    const entries = times(3, (i) => sampleEntry(i + 1, 'x'.repeat(3 * 1024 * 1024)));
    expect(await store.log.append('r', 0, entries)).toBe(3);
    expect((await store.log.read('r', 1)).map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it('writes a group in a number of calls that does not grow with its units, and reads a page by its rows', async () => {
    const store = await open();
    const tasks = times(600, (i) =>
      sampleTask(i + 1, { rank: i % 3, leaseUntil: i % 2 === 0 ? 1000 + i : null }),
    );
    await store.commit({ writes: tasks.map((record) => ({ put: 'tasks', record, expect: 'absent' })) });
    const before = await commandsSoFar();
    await Promise.all(
      tasks.slice(0, 200).map((record, i) =>
        store.commit({
          writes: [
            { put: 'tasks', record, expect: 1 },
            { put: 'sessions', record: { id: `s${i}`, userId: 'usr_a', expiresAt: i }, expect: 'any' },
          ],
          inc: { [`k${i}`]: 1, all: 1 },
          outbox: [sampleEvent(`e${i}`)],
          log: { room: `r${i}`, expectedSeq: 0, entries: [sampleEntry(1)] },
        }),
      ),
    );
    expect((await commandsSoFar()) - before).toBeLessThan(30);

    const profile = db().collection<Document>('system.profile');
    await db().command({ profile: 2 });
    const where = { projectId: 'prj_a', queue: 1 };
    for (const descending of [false, true]) {
      let after: string | undefined;
      for (let page = 0; page < 20; page += 1)
        after =
          (await store.page('tasks', { index: 'queue', where, limit: 20, descending, after })).next ??
          undefined;
    }
    await store.page('tasks', { index: 'lease', range: { lte: 1400 }, limit: 20, descending: true });
    await db().command({ profile: 0 });
    const pages = await profile
      .find({ op: 'query', 'command.find': 'tasks', 'command.hint': { $exists: true } })
      .toArray();
    expect(pages).toHaveLength(41);
    for (const page of pages) {
      expect(page['docsExamined']).toBeLessThanOrEqual(21);
      expect(page['keysExamined']).toBeLessThanOrEqual(22);
      // One moment of what everyone has agreed on, and none before the latest that was acknowledged here.
      const moment = { level: 'snapshot', afterClusterTime: expect.anything() };
      expect(page['command'].readConcern).toMatchObject(moment);
    }
  });

  it('finds records by an index that is newer than they are', async () => {
    const first = await open();
    const tasks = times(3, (i) => sampleTask(i + 1, { leaseUntil: i === 1 ? null : 10 - i }));
    await first.commit({ writes: tasks.map((record) => ({ put: 'tasks', record, expect: 'absent' })) });
    // As an older version left it, which knew no leases.
    await db()
      .collection('tasks')
      .updateMany({}, { $unset: { 'keys.leaseUntil': 1 } });
    await db().collection('tasks').dropIndex('lease_by_leaseUntil');
    const meta = db().collection<{ _id: string; fields: Record<string, string[]> }>('meta');
    const known = (await meta.findOne({ _id: 'layout' }))?.fields['tasks']?.filter(
      (field) => field !== 'leaseUntil',
    );
    await meta.updateOne({ _id: 'layout' }, { $set: { 'fields.tasks': known } });
    const second = await open();
    const leased = await second.page('tasks', { index: 'lease', limit: 9 });
    expect(leased.items.map(({ record, rev }) => [record.seq, rev])).toEqual([
      [3, 1],
      [1, 1],
    ]);
  });

  it('is not opened where it may not make what it needs', async () => {
    await db().createCollection('tasks', { viewOn: 'users' } as Document);
    await expect(open()).rejects.toSatisfy(
      (error) => isConcordError(error, 'precondition') && /could not be made ready/.test(error.message),
    );
  });

  it('is not opened on a database of a newer version', async () => {
    await open();
    await db()
      .collection<{ _id: string }>('meta')
      .updateOne({ _id: 'layout' }, { $set: { value: 99 } });
    await expect(open()).rejects.toSatisfy(
      (error) => isConcordError(error, 'precondition') && /newer version.*layout 99/.test(error.message),
    );
  });

  it('says in one line that nothing answers, or that it has no transactions, and no password', async () => {
    const alone = await startMongo({ replicaSet: false });
    const parts = { clock: systemClock, random: systemRandomness, logger: silentLogger };
    const message = (url: string) =>
      createMongoStore({ url, ...parts }).then(
        () => '',
        (error: Error) => error.message,
      );
    const none = await message(`mongodb://${'127.0.0.1'}:${alone.port}/x`);
    expect(none).toMatch(
      /^The MongoDB at mongodb:\/\/127\.0\.0\.1:\d+\/x is not a replica set.*rs\.initiate.*CONCORD_STORE/,
    );
    await alone.stop();
    const gone = await message(`mongodb://me:secret@127.0.0.1:${alone.port}/x?serverSelectionTimeoutMS=200`);
    expect(gone).toMatch(/^No MongoDB answers at mongodb:\/\/…@127\.0\.0\.1:\d+\/x /);
    expect(gone).not.toContain('secret');
    expect(await message('mongodb://127.0.0.1:1:2')).toMatch(/is not an address of a MongoDB/);
  });
});
