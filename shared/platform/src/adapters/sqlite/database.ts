import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConcordError } from '@concord/core/errors/concord-error';
import Libsql from 'libsql';

export type SqlValue = string | number | Uint8Array | null;
export type Row = readonly SqlValue[];

/** A prepared statement whose rows come as arrays. */
export interface Statement {
  run(values: Row): { readonly changes: number; readonly lastInsertRowid: number };
  get(values: Row): Row | undefined;
  all(values: Row): Row[];
}

/** One SQLite file, opened for reading and writing in the calling thread. Prepared statements are kept by their text. */
export interface Database {
  readonly file: string;
  sql(text: string): Statement;
  exec(text: string): void;
  /** Runs `work` in one transaction: on disk when it returns, undone when it throws. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface OpenOptions {
  readonly file: string;
  /** The layout this code writes; a file with a higher number was made by newer code and is refused. */
  readonly layout: number;
  /** Creates or completes the tables; runs in one transaction at every open. `from` is the file's layout, 0 when new. */
  readonly prepare: (database: Database, from: number) => void;
  readonly cacheKiB?: number;
}

/**
 * Opens a file in WAL mode. Other processes' locks are waited for up to 5 s.
 * Throws with one line for people: no write permission, not a database, made by a newer version.
 */
export function openDatabase(options: OpenOptions): Database {
  const file = resolve(options.file);
  assertWritable(file);
  let connection: Connection;
  try {
    createPrivate(file);
    connection = connect(file, busyTimeoutMs);
    connection.exec('PRAGMA journal_mode = WAL');
    connection.exec('PRAGMA synchronous = FULL');
    connection.exec(`PRAGMA cache_size = -${options.cacheKiB ?? 8192}`);
    // 100 MB of log before pages go to their places: pages that many commits touch are then written once.
    connection.exec('PRAGMA wal_autocheckpoint = 25000');
    connection.exec('PRAGMA temp_store = MEMORY');
  } catch (error) {
    throw unopened(file, error);
  }
  const database = wrap(file, connection);
  try {
    database.transaction(() => {
      const from = Number(database.sql('PRAGMA user_version').get([])?.[0] ?? 0);
      if (from > options.layout) {
        throw new ConcordError(
          'precondition',
          `${file} was made by a newer version of Concord (layout ${from}; this one knows ${options.layout}). ` +
            'Start that version, or choose another folder with --data.',
        );
      }
      options.prepare(database, from);
      database.exec(`PRAGMA user_version = ${options.layout}`);
    });
  } catch (error) {
    database.close();
    throw error instanceof ConcordError ? error : unopened(file, error);
  }
  return database;
}

/** The part of libsql that is used here; its own types leave rows unknown. */
interface Connection {
  prepare(text: string): RawStatement;
  exec(text: string): void;
  close(): void;
  readonly inTransaction: boolean;
}
interface RawStatement {
  raw(on: boolean): RawStatement;
  run(values: Row): { changes: number; lastInsertRowid: number };
  get(values: Row): Row | undefined;
  all(values: Row): Row[];
}

const busyTimeoutMs = 5000;

export function connect(file: string, timeoutMs: number): Connection {
  return new Libsql(file, { timeout: timeoutMs }) as unknown as Connection;
}

/** Makes the file when it is missing, so that only its owner can read it; SQLite's own files beside it get the same rights. */
export function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function wrap(file: string, connection: Connection): Database {
  const statements = new Map<string, Statement>();
  const database: Database = {
    file,
    sql(text) {
      const known = statements.get(text);
      if (known !== undefined) return known;
      const statement = connection.prepare(text);
      // `raw` is refused by statements that give no rows.
      if (/^\s*(select|pragma|with)|\breturning\b/i.test(text)) statement.raw(true);
      statements.set(text, statement);
      return statement;
    },
    exec: (text) => connection.exec(text),
    transaction(work) {
      connection.exec('BEGIN IMMEDIATE');
      let result: ReturnType<typeof work>;
      try {
        result = work();
        connection.exec('COMMIT');
      } catch (error) {
        // A full disk may have ended the transaction already.
        if (connection.inTransaction) connection.exec('ROLLBACK');
        throw error;
      }
      return result;
    },
    close() {
      statements.clear();
      connection.close();
    },
  };
  return database;
}

function assertWritable(file: string): void {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new ConcordError(
      'input.invalid',
      `Concord may not write to ${existsSync(file) ? file : folder} (${code}). ` +
        'Give this user write permission there, or choose another folder with --data.',
      [{ path: 'data', message: code, value: folder, remedy: 'Choose a folder you may write to.' }],
    );
  }
}

function unopened(file: string, error: unknown): ConcordError {
  const cause = error instanceof Error ? error.message : String(error);
  return new ConcordError(
    'precondition',
    `${file} could not be opened as a Concord data file (${cause}). Restore it from a copy, or choose another folder with --data.`,
    [],
    { cause: error },
  );
}

/** SQLite's name of what went wrong (`SQLITE_CONSTRAINT_UNIQUE`, `SQLITE_BUSY`, …), or null. */
export function sqliteCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}
