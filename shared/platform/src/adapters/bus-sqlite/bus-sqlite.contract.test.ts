import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silentLogger } from '../../observability/logger.ts';
import { describeBusContract } from '../../ports/bus.contract.ts';
import { systemClock } from '../clock-system/clock-system.ts';
import { openDatabase } from '../sqlite/database.ts';
import { createSqliteBus } from './bus-sqlite.ts';
import { busLayout } from './schema.ts';

describeBusContract('SQLite', async (clock) => {
  const dir = mkdtempSync(join(tmpdir(), 'concord-bus-'));
  const make = () => createSqliteBus({ file: join(dir, 'bus.db'), clock, logger: silentLogger });
  const bus = make();
  return {
    bus,
    // A second process on the same file.
    reopen: async () => make(),
    async break(event) {
      const database = openDatabase({ file: join(dir, 'bus.db'), layout: busLayout, prepare: () => {} });
      database
        .sql('INSERT INTO events (id, type, project, body) VALUES (?, ?, ?, ?)')
        .run([event.id, event.type, event.subject, JSON.stringify({ ...event, time: 7 })]);
      database.close();
    },
    async end() {
      await bus.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
});

it('brings the dead letters of an older file along', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'concord-bus-'));
  const file = join(dir, 'bus.db');
  const old = openDatabase({
    file,
    layout: 1,
    prepare: (database) =>
      database.exec(`
        CREATE TABLE events (
          position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, project TEXT NOT NULL, body TEXT NOT NULL);
        CREATE TABLE consumers (name TEXT PRIMARY KEY, acknowledged INTEGER NOT NULL);
        CREATE TABLE dead (name TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (name, position));
        INSERT INTO events VALUES (7, 'e7', 'concord.item.reopened.v1', 'prj_a', '{"id":"e7"}');
        INSERT INTO dead VALUES ('versioner', 7);`),
  });
  old.close();
  const bus = createSqliteBus({ file, clock: systemClock, logger: silentLogger });
  expect(await bus.deadLetters()).toEqual([
    { consumer: 'versioner', position: 7, body: '{"id":"e7"}', reason: 'failed too often', at: 0 },
  ]);
  await bus.close();
  rmSync(dir, { recursive: true, force: true });
});
