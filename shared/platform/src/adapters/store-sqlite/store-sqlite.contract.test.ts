import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStoreContract } from '../../ports/store.contract.ts';
import { createSqliteStore } from './store-sqlite.ts';

for (const writes of ['thread', 'inline'] as const) {
  describeStoreContract(`SQLite, writes ${writes}`, async () => {
    const dir = mkdtempSync(join(tmpdir(), 'concord-store-'));
    const open = () => createSqliteStore({ file: join(dir, 'store.db'), writes });
    let store = open();
    return {
      store,
      async reopen() {
        await store.close();
        store = open();
        return store;
      },
      async end() {
        await store.close();
        rmSync(dir, { recursive: true, force: true });
      },
    };
  });
}
