import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConcordEvent, makeEvent } from '@concord/core/events/event';
import type { Finalization } from '@concord/core/records/finalization';
import type { ProjectId } from '@concord/core/records/ids';
import { createRepository } from '@concord/core/versioning/repository';
import { scanTree } from '@concord/core/versioning/tree-read';
import { createFileBlobs } from '@concord/platform/adapters/blobs-files/blobs-files';
import { createSqliteBus } from '@concord/platform/adapters/bus-sqlite/bus-sqlite';
import { busLayout } from '@concord/platform/adapters/bus-sqlite/schema';
import { openDatabase } from '@concord/platform/adapters/sqlite/database';
import { nodeCodec } from '@concord/platform/datasets/node-codec';
import { silentLogger } from '@concord/platform/observability/logger';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus } from '@concord/platform/ports/bus';
import type { Clock } from '@concord/platform/ports/clock';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CONSUMER, createVersioner, type Versioner } from './versioner.ts';

let dir: string;
let bus: Bus;
let blobs: Blobs;
let versioner: Versioner | null;
/** While set, nothing can be written. */
let down: Error | null;
let refused: number;
/** Every pause is over at once. */
let now: number;
const clock: Clock = {
  now: () => now,
  after(ms, run) {
    const timer = setImmediate(() => {
      now += ms;
      run();
    });
    return () => clearImmediate(timer);
  },
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'concord-versioner-'));
  now = 1_700_000_000_000;
  down = null;
  refused = 0;
  versioner = null;
  bus = createSqliteBus({ file: join(dir, 'bus.db'), clock, logger: silentLogger });
  const files = createFileBlobs({ folder: join(dir, 'blobs') });
  blobs = {
    ...files,
    async put(bytes) {
      if (down === null) return files.put(bytes);
      refused += 1;
      throw down;
    },
  };
});
afterEach(async () => {
  await versioner?.stop();
  await bus.close();
  rmSync(dir, { recursive: true, force: true });
});

function settled(projectId: ProjectId, n: number): ConcordEvent {
  const finalization: Finalization = {
    id: `tsk_${n}:1`,
    taskId: `tsk_${n}`,
    projectId,
    assetId: `ast_${n}`,
    assetHash: 'a'.repeat(64),
    taskSeq: n,
    revision: 1,
    answer: { regions: [], answers: { label: 'spam' } },
    agreement: 1,
    confidence: 1,
    settledBy: { kind: 'consensus', method: 'majority', reason: '' },
    contributions: [],
    suggestions: [],
    schemaVersion: 1,
    guidelinesVersion: 1,
    ops: { from: 0, to: 0 },
    at: 1,
  };
  const data = {
    projectId,
    taskId: finalization.taskId,
    assetId: finalization.assetId,
    revision: 1,
    finalization,
    asset: { hash: finalization.assetHash, data: { text: `item ${n}` }, meta: {} },
    modality: 'text-classification',
  };
  return makeEvent('concord.item.finalized.v1', `${projectId}:${finalization.id}`, data, 1);
}

async function start(): Promise<void> {
  versioner = createVersioner({ bus, blobs, codec: nodeCodec, clock, logger: silentLogger });
  await versioner.start();
}
async function recordsOf(project: string): Promise<number> {
  const version = await createRepository(blobs, nodeCodec).open(project, 'main');
  return version?.commit.stats.total ?? 0;
}

it('[VC17] an event that makes no record, and one that is none, stop neither their project nor any other', async () => {
  await bus.publish([settled('prj_a', 1)]);
  const raw = openDatabase({ file: join(dir, 'bus.db'), layout: busLayout, prepare: () => {} });
  const insert = (id: string, body: string) =>
    raw
      .sql("INSERT INTO events (id, type, project, body) VALUES (?, 'concord.item.finalized.v1', 'prj_a', ?)")
      .run([id, body]);
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  // Fits the schema, whose asset is open, and is too deep to be written canonically; then, too deep for an answer.
  insert('deep-asset', JSON.stringify(settled('prj_a', 2)).replace('"item 2"', deep));
  insert('deep-answer', JSON.stringify(settled('prj_a', 3)).replace('"spam"', deep));
  insert('no-json', '{"specversion":');
  raw.close();
  await bus.publish([settled('prj_a', 4), settled('prj_b', 5)]);
  await start();
  await expect.poll(() => recordsOf('prj_b'), { timeout: 30_000 }).toBe(1);
  expect(await recordsOf('prj_a')).toBe(2);
  await expect.poll(async () => (await bus.deadLetters(CONSUMER)).length, { timeout: 30_000 }).toBe(3);
  const letters = await bus.deadLetters(CONSUMER);
  expect(letters.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('makes no record'),
    expect.stringContaining('nested more than 32 levels deep'),
    expect.stringContaining('JSON'),
  ]);
});

it('[VC17] storage that refuses for hours loses no settled item', async () => {
  await bus.publish([settled('prj_a', 1), settled('prj_b', 2)]);
  down = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const from = now;
  await start();
  await expect.poll(() => refused, { timeout: 90_000 }).toBeGreaterThan(2200);
  expect((now - from) / 60_000).toBeGreaterThan(85);
  down = null;
  await expect.poll(() => recordsOf('prj_a'), { timeout: 30_000 }).toBe(1);
  await expect.poll(() => recordsOf('prj_b'), { timeout: 30_000 }).toBe(1);
  expect(await bus.deadLetters()).toEqual([]);
}, 120_000);

it('[VC17] a project whose dataset cannot be written holds up no other of the same batch', async () => {
  await bus.publish([settled('prj_a', 1), settled('prj_b', 2)]);
  const { putRef } = blobs;
  blobs = {
    ...blobs,
    putRef: (name, value, expect) =>
      name.startsWith('datasets/prj_a/')
        ? Promise.reject(new Error('permission denied'))
        : putRef(name, value, expect),
  };
  await start();
  await expect.poll(() => recordsOf('prj_b'), { timeout: 30_000 }).toBe(1);
  expect(await recordsOf('prj_a')).toBe(0);
});

it('[VC18] packs that were joined go by themselves in time; the dataset stays whole', async () => {
  await start();
  for (let n = 1; n <= 20; n++) {
    await bus.publish([settled('prj_a', n)]);
    await expect.poll(() => recordsOf('prj_a'), { timeout: 30_000, interval: 5 }).toBe(n);
  }
  const repository = createRepository(blobs, nodeCodec);
  const head = async () => (await repository.head('prj_a', 'main'))!;
  const joined = new Set((await head()).retired.map(({ hash }) => hash));
  await expect.poll(async () => (await head()).retired.length, { timeout: 30_000 }).toBe(0);
  for (const hash of joined) expect(await blobs.size(hash)).toBeNull();
  const { packs } = await head();
  expect(packs.length).toBeLessThan(20);
  for (const { hash, bytes } of packs) expect(await blobs.size(hash)).toBe(bytes);
  let records = 0;
  const version = (await repository.open('prj_a', 'main'))!;
  for await (const batch of scanTree(version.nodes, version.commit.root)) records += batch.length;
  expect(records).toBe(20);
});
