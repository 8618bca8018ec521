import { ConcordError } from '@concord/core/errors/concord-error';
import type { ConcordEvent } from '@concord/core/events/event';
import type { Logger } from '../../observability/logger.ts';
import type { Clock, Randomness } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { createCalls } from './calls.ts';
import { openConnection } from './connection.ts';
import { createReserve, oneMoment, readCounterPage, readCounters, readCountersWith } from './counters.ts';
import { createGroupWriter } from './group-writer.ts';
import { createHealth, watchPrimary } from './health.ts';
import { unitJob } from './job.ts';
import { createLog } from './log.ts';
import { readPage, recordFields, stored } from './page.ts';
import { prepareStore } from './prepare.ts';
import { tablesOf } from './tables.ts';
import { createTransactions } from './transactions.ts';
import { lineOf } from './trouble.ts';
import { createWriters } from './writers.ts';

export interface MongoStoreOptions {
  /** `mongodb://…`; a database named in it is used, else `concord`. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly logger: Logger;
}

/**
 * Records and room logs in a MongoDB replica set, written by any number of processes at once. Units go in transactions, those
 * that come while one runs together in the next. A server that is away is waited for, up to 30 s.
 */
export async function createMongoStore(options: MongoStoreOptions): Promise<Store> {
  const { client, db } = await openConnection(options.url);
  const tables = tablesOf(db);
  try {
    await prepareStore(db, tables);
  } catch (error) {
    await client.close();
    if (error instanceof ConcordError) throw error;
    throw new ConcordError(
      'precondition',
      `The database ${db.databaseName} could not be made ready (${lineOf(error)}). Let Concord make collections and indexes in it, or name another in CONCORD_STORE.`,
      [],
      { cause: error },
    );
  }
  const { clock, random, logger } = options;
  const health = createHealth(clock, logger);
  const unwatch = watchPrimary(client, health);
  const calls = createCalls(client, clock, random, health);
  const writers = createWriters(db, tables, clock);
  const transactions = createTransactions(client, clock, calls, writers);
  const writer = createGroupWriter({ transactions, writers, tables, calls, health, clock, random });
  logger.debug({ database: db.databaseName }, 'store opened');
  let closing: Promise<void> | null = null;

  return {
    get: (collection, id) =>
      calls.read(async (session) => {
        const doc = await tables
          .records(collection)
          .findOne({ _id: id }, { projection: recordFields, session });
        return doc === null ? null : stored(doc);
      }),
    getMany: (collection, ids) =>
      calls.read(async (session) => {
        if (ids.length === 0) return [];
        const filter = { _id: { $in: [...new Set(ids)] } };
        const docs = await tables
          .records(collection)
          .find(filter, { projection: recordFields, session, ...oneMoment, batchSize: ids.length + 1 })
          .toArray();
        const byId = new Map(docs.map((doc) => [doc._id, doc]));
        return ids.flatMap((id) => {
          const doc = byId.get(id);
          return doc === undefined ? [] : [stored<typeof collection>(doc)];
        });
      }),
    page: (collection, query) => calls.read((session) => readPage(tables, session, collection, query)),
    commit: async (unit) => writer.write(unitJob(unit)),
    counters: (keys) => calls.read((session) => readCounters(tables, session, keys)),
    countersWith: (prefix) => calls.read((session) => readCountersWith(tables, session, prefix)),
    counterPage: (prefix, after, limit) =>
      calls.read((session) => readCounterPage(tables, session, prefix, after, limit)),
    reserve: createReserve(tables, calls),
    outbox: (limit) =>
      calls.read(async (session) => {
        const rows = await tables.outbox
          .find({}, { session, ...oneMoment })
          .sort({ _id: 1 })
          .limit(limit)
          .toArray();
        return rows.map(({ _id, event }) => ({ row: _id, event: JSON.parse(event) as ConcordEvent }));
      }),
    async outboxSent(rows) {
      if (rows.length > 0)
        await calls.write((session) => tables.outbox.deleteMany({ _id: { $in: [...rows] } }, { session }));
    },
    log: createLog(tables, writer, calls),
    health: () => health.read(),
    close() {
      closing ??= Promise.all([writer.close(), calls.close()]).then(async () => {
        unwatch();
        await client.close();
      });
      return closing;
    },
  };
}
