import { ConcordError, type ErrorCode } from '@concord/core/errors/concord-error';
import { type Db, MongoClient } from 'mongodb';
import { lineOf } from './trouble.ts';

const databaseName = 'concord';
/** How long one call looks for a server before it is tried again from the start. */
const selectionMs = 5_000;
/** A server that does not answer its watcher for so long counts as gone, and calls that wait for it end. */
const heartbeatMs = 2_000;
const silenceMs = 4_000;

export interface Connection {
  readonly client: MongoClient;
  readonly db: Db;
}

/**
 * Connects, and stays connected. Reads and writes are those of a majority: what was seen or acknowledged survives the loss of
 * any minority of the servers. Throws with one line when nothing answers, or what answers has no transactions.
 */
export async function openConnection(url: string): Promise<Connection> {
  const shown = url.replace(/\/\/[^@/]*@/, '//…@').replace(/\?.*$/, '');
  const refused = (code: ErrorCode, why: string, cause?: unknown) =>
    new ConcordError(code, `${why} Or leave CONCORD_STORE out to use SQLite.`, [], { cause });
  let client: MongoClient;
  try {
    client = new MongoClient(url, {
      appName: 'concord',
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      writeConcern: { w: 'majority', journal: true },
      serverSelectionTimeoutMS: selectionMs,
      heartbeatFrequencyMS: heartbeatMs,
      connectTimeoutMS: silenceMs,
    });
  } catch (error) {
    throw new ConcordError(
      'input.invalid',
      `${shown} is not an address of a MongoDB (${lineOf(error)}).`,
      [],
      {
        cause: error,
      },
    );
  }
  try {
    await client.connect();
    const hello = await client.db('admin').command({ hello: 1 });
    if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid') {
      throw refused(
        'precondition',
        `The MongoDB at ${shown} is not a replica set, and only those have transactions: start it with --replSet and run rs.initiate() once.`,
      );
    }
  } catch (error) {
    await client.close();
    if (error instanceof ConcordError) throw error;
    throw refused(
      'overloaded',
      `No MongoDB answers at ${shown} (${lineOf(error)}). Start it, or mend the address.`,
      error,
    );
  }
  // The driver calls a database that the address leaves out `test`.
  const named = /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/.test(url);
  return { client, db: client.db(named ? undefined : databaseName) };
}
