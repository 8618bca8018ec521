import type { Database } from '../sqlite/database.ts';

/** 2: dead letters have a reason and can be delivered again. */
export const busLayout = 2;

export function prepareBus(database: Database, from: number): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS events (
      position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, project TEXT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS consumers (name TEXT PRIMARY KEY, acknowledged INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS dead_letters (
      consumer TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
      again INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (consumer, position));`);
  if (from === 1)
    database.exec(`
      INSERT INTO dead_letters (consumer, position, reason, at) SELECT name, position, 'failed too often', 0 FROM dead;
      DROP TABLE dead;`);
}
