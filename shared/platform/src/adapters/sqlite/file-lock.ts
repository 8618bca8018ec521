import { connect, createPrivate, sqliteCode } from './database.ts';

/**
 * A lock of the operating system on a file: only one holder on this machine, whatever namespace or container it is in,
 * and it ends with its process, however that ends. Nobody else may open the file in a process that holds the lock: closing
 * it would let the lock go.
 */
export interface FileLock {
  /** False when somebody else holds it. */
  tryTake(): boolean;
  release(): void;
  /** Releases it, too. */
  close(): void;
}

/** `waitMs`: how long `tryTake` stands waiting for a holder that is about to go. */
export function openFileLock(file: string, waitMs = 0): FileLock {
  createPrivate(file);
  const connection = connect(file, waitMs);
  const release = () => {
    if (connection.inTransaction) connection.exec('ROLLBACK');
  };
  return {
    tryTake() {
      try {
        // An empty database: what counts is the lock that SQLite takes on its file.
        connection.exec('BEGIN EXCLUSIVE');
        return true;
      } catch (error) {
        if (sqliteCode(error)?.startsWith('SQLITE_BUSY') === true) return false;
        throw error;
      }
    },
    release,
    close() {
      release();
      connection.close();
    },
  };
}
