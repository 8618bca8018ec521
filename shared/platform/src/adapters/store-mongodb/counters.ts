import type { ClientSession, FindCursor } from 'mongodb';
import type { Calls } from './calls.ts';
import { assertWhole } from './job.ts';
import type { CounterDoc, Tables } from './tables.ts';

const reservedShard = -1;

/** One moment of the database for reads of several documents: none of them shows half a unit. */
export const oneMoment = { readConcern: { level: 'snapshot' } } as const;

export async function readCounters(
  tables: Tables,
  session: ClientSession,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const values = new Map(keys.map((key) => [key, 0]));
  if (keys.length === 0) return values;
  return addUp(values, tables.counters.find({ '_id.key': { $in: [...keys] } }, { session, ...oneMoment }));
}

export async function readCountersWith(
  tables: Tables,
  session: ClientSession,
  prefix: string,
): Promise<Map<string, number>> {
  const filter = { '_id.key': { $gte: prefix, $lt: `${prefix}\u{10ffff}` } };
  return addUp(new Map(), tables.counters.find(filter, { session, ...oneMoment }).sort({ '_id.key': 1 }));
}

/** Reads on only until `limit` keys are whole: the shards of one key follow each other. */
export async function readCounterPage(
  tables: Tables,
  session: ClientSession,
  prefix: string,
  after: string | null,
  limit: number,
): Promise<(readonly [key: string, value: number])[]> {
  const from = after === null ? { $gte: prefix } : { $gt: after };
  const filter = { '_id.key': { ...from, $lt: `${prefix}\u{10ffff}` } };
  const shards = tables.counters.find(filter, { session, ...oneMoment }).sort({ '_id.key': 1 });
  const values = new Map<string, number>();
  for await (const { _id, value } of shards.batchSize(2 * limit)) {
    if (values.size === limit && !values.has(_id.key)) break;
    values.set(_id.key, (values.get(_id.key) ?? 0) + value);
  }
  return [...values];
}

async function addUp(
  values: Map<string, number>,
  shards: FindCursor<CounterDoc>,
): Promise<Map<string, number>> {
  for (const { _id, value } of await shards.batchSize(10_000).toArray())
    values.set(_id.key, (values.get(_id.key) ?? 0) + value);
  return values;
}

interface Request {
  readonly by: number;
  readonly resolve: (value: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Reserves numbers. Requests for one key that come while one is on its way share the next. */
export function createReserve(tables: Tables, calls: Calls): (key: string, by: number) => Promise<number> {
  const waiting = new Map<string, Request[]>();

  async function serve(key: string): Promise<void> {
    for (let requests = waiting.get(key) ?? []; requests.length > 0; requests = waiting.get(key) ?? []) {
      waiting.set(key, []);
      const sum = requests.reduce((total, { by }) => total + by, 0);
      try {
        // Tried twice, it may take twice as many: numbers that nobody gets do no harm.
        const counter = await calls.write((session) =>
          tables.counters.findOneAndUpdate(
            { _id: { key, shard: reservedShard } },
            { $inc: { value: sum } },
            { upsert: true, returnDocument: 'after', session },
          ),
        );
        let value = (counter?.value ?? 0) - sum;
        for (const { by, resolve } of requests) {
          value += by;
          resolve(value);
        }
      } catch (error) {
        for (const { reject } of requests) reject(error);
      }
    }
    waiting.delete(key);
  }

  return async (key, by) => {
    assertWhole(key, by);
    return new Promise((resolve, reject) => {
      const known = waiting.get(key);
      if (known !== undefined) {
        known.push({ by, resolve, reject });
        return;
      }
      waiting.set(key, [{ by, resolve, reject }]);
      void serve(key);
    });
  };
}
