import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../observability/logger.ts';
import { describeBusContract } from '../../ports/bus.contract.ts';
import { systemClock } from '../clock-system/clock-system.ts';
import { createSqliteBus } from './bus-sqlite.ts';

describeBusContract('SQLite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'concord-bus-'));
  const make = () => createSqliteBus({ file: join(dir, 'bus.db'), clock: systemClock, logger: silentLogger });
  const bus = make();
  return {
    bus,
    // A second process on the same file.
    reopen: async () => make(),
    async end() {
      await bus.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
});
