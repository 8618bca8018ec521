import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStoreContract } from '../../ports/store.contract.ts';
import { createSqliteStore } from './store-sqlite.ts';

describeStoreContract('SQLite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'concord-store-'));
  let store = createSqliteStore({ file: join(dir, 'store.db') });
  return {
    store,
    async reopen() {
      await store.close();
      store = createSqliteStore({ file: join(dir, 'store.db') });
      return store;
    },
    async end() {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
});
