import { MongoClient } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';
import { silentLogger } from '../../observability/logger.ts';
import { describeStoreContract } from '../../ports/store.contract.ts';
import { type ServerProcess, startMongo } from '../../testing/servers.ts';
import { systemClock, systemRandomness } from '../clock-system/clock-system.ts';
import { createMongoStore } from './store-mongodb.ts';

let server: ServerProcess;
let client: MongoClient;
beforeAll(async () => {
  server = await startMongo();
  client = new MongoClient(server.url);
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

describeStoreContract('MongoDB', async () => {
  const parts = { clock: systemClock, random: systemRandomness, logger: silentLogger };
  const open = () => createMongoStore({ url: `${server.url}/contract`, ...parts });
  let store = await open();
  return {
    store,
    async reopen() {
      await store.close();
      store = await open();
      return store;
    },
    /** Empties the database; making its collections anew would take most of the suite's time. */
    async end() {
      await store.close();
      const collections = await client.db('contract').collections();
      await Promise.all(collections.map((collection) => collection.deleteMany({})));
    },
  };
});
