import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskId, UserId } from '@concord/core/records/ids';
import type { LogEntry } from '@concord/core/rooms/op';
import { createSqliteStore } from '@concord/platform/adapters/store-sqlite/store-sqlite';
import { inTurns } from './crowd.ts';
import { createShapes } from './ops.ts';
import { workFolder } from './places.ts';

function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(workFolder, { recursive: true });
  const folder = mkdtempSync(join(workFolder, 'store-'));
  return work(folder).finally(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}

/** Milliseconds that the disk takes to keep 4 KiB for good, many times over. */
export function probeSyncs(times: number): Promise<number[]> {
  return inFolder(async (folder) => {
    const file = openSync(join(folder, 'probe'), 'w');
    const block = Buffer.alloc(4096, 1);
    const took = Array.from({ length: times }, () => {
      const from = performance.now();
      writeSync(file, block);
      fdatasyncSync(file);
      return performance.now() - from;
    });
    closeSync(file);
    return took;
  });
}

/**
 * Commits a second of Concord's own store, each with one op of the load in a room's log: one after the other, and with `width`
 * rooms waiting at a time, so that those share transactions.
 */
export function measureStore(width: number, seconds: number, seed: number): Promise<number> {
  return inFolder(async (folder) => {
    const store = createSqliteStore({ file: join(folder, 'concord.db') });
    const shapeOf = createShapes(seed);
    const by = 'usr_bench' as UserId;
    const end = performance.now() + seconds * 1000;
    let commits = 0;
    await inTurns(
      Array.from({ length: width }, (_, lane) => lane),
      width,
      async (lane) => {
        for (let seq = 0; performance.now() < end; seq++) {
          const room = `tsk_${lane}` as TaskId;
          const entry: LogEntry = {
            seq: seq + 1,
            layer: by,
            lseq: seq + 1,
            by,
            client: 'bench-000000',
            n: seq + 1,
            at: seq,
            op: { t: 'update', id: 'region-000000', set: { shape: JSON.parse(shapeOf(seq)) } },
          };
          await store.commit({ log: { room, expectedSeq: seq, entries: [entry] } });
          commits += 1;
        }
      },
    );
    await store.close();
    return commits / seconds;
  });
}
