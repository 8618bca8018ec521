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

/** Rooms that have ops at a time; in a server a room has one commit on its way. */
const ROOMS = 20;

/**
 * Ops a second in Concord's own store. `one by one`: each is a commit with a sync of its own. `grouped`: 400 are on their way,
 * 20 in each of 20 rooms, and commits that come while the disk is busy share the next sync.
 */
export function measureStore(how: 'one by one' | 'grouped', seconds: number, seed: number): Promise<number> {
  return inFolder(async (folder) => {
    const store = createSqliteStore({ file: join(folder, 'concord.db') });
    const shapeOf = createShapes(seed);
    const by = 'usr_bench' as UserId;
    const [rooms, batch] = how === 'grouped' ? [ROOMS, 400 / ROOMS] : [1, 1];
    const end = performance.now() + seconds * 1000;
    let ops = 0;
    const entryOf = (seq: number): LogEntry => ({
      seq,
      layer: by,
      lseq: seq,
      by,
      client: 'bench-000000',
      n: seq,
      at: seq,
      op: { t: 'update', id: 'region-000000', set: { shape: JSON.parse(shapeOf(seq)) } },
    });
    await inTurns(
      Array.from({ length: rooms }, (_, i) => i),
      rooms,
      async (i) => {
        const room = `tsk_${i}` as TaskId;
        for (let seq = 0; performance.now() < end; seq += batch) {
          const entries = Array.from({ length: batch }, (_, j) => entryOf(seq + 1 + j));
          await store.commit({ log: { room, expectedSeq: seq, entries } });
          ops += batch;
        }
      },
    );
    await store.close();
    return ops / seconds;
  });
}
