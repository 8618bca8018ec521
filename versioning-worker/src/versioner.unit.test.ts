import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConcordEvent, makeEvent } from '@concord/core/events/event';
import { type DatasetRecord, decodeRecord } from '@concord/core/versioning/record';
import { createRepository } from '@concord/core/versioning/repository';
import { scanTree } from '@concord/core/versioning/tree-read';
import { createFileBlobs } from '@concord/platform/adapters/blobs-files/blobs-files';
import { createSqliteBus } from '@concord/platform/adapters/bus-sqlite/bus-sqlite';
import { nodeCodec } from '@concord/platform/datasets/node-codec';
import { silentLogger } from '@concord/platform/observability/logger';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus } from '@concord/platform/ports/bus';
import { createVirtualClock, type VirtualClock } from '@concord/platform/testing/clock-virtual';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONSUMER, createVersioner } from './versioner.ts';

const project = 'prj_a';
let folder: string;
let clock: VirtualClock;
let bus: Bus;
let blobs: Blobs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-versioner-'));
  clock = createVirtualClock();
  bus = createSqliteBus({ file: join(folder, 'bus.db'), clock, logger: silentLogger });
  blobs = createFileBlobs({ folder: join(folder, 'blobs') });
});
afterEach(async () => {
  await bus.close();
  rmSync(folder, { recursive: true, force: true });
});

const label = (name: string) => ({ regions: [], answers: { label: name } });
/** A settled answer: the `revision`th of task `seq`. `again`: the same fact under an id that the bus does not know yet. */
function settled(seq: number, revision = 1, name = `answer ${revision}`, again = ''): ConcordEvent {
  const taskId = `tsk_${seq}` as const;
  const asset = { hash: `hash${seq}`, data: { text: `text ${seq}` }, meta: {} };
  return makeEvent(
    'concord.item.finalized.v1',
    `${taskId}:${revision}${again}`,
    {
      projectId: project,
      taskId,
      assetId: `ast_${seq}`,
      revision,
      finalization: {
        id: `${taskId}:${revision}`,
        taskId,
        projectId: project,
        assetId: `ast_${seq}`,
        assetHash: asset.hash,
        taskSeq: seq,
        revision,
        answer: label(name),
        agreement: 1,
        confidence: 1,
        settledBy: { kind: 'consensus', method: 'majority', reason: 'all agree' },
        contributions: [],
        suggestions: [],
        schemaVersion: 1,
        guidelinesVersion: 1,
        ops: { from: 0, to: 0 },
        at: 1,
      },
      asset,
      modality: 'text-classification',
    },
    1,
  );
}

/** Finalized items that were not acknowledged. */
async function waiting(): Promise<number> {
  const { acknowledged } = await bus.lag(CONSUMER);
  return (await bus.read(acknowledged, 500, { types: ['concord.item.finalized.v1'] })).length;
}

const allTaken = async () => (await waiting()) === 0;

/** A worker that runs until then: until everything on the bus was taken unless said otherwise. */
async function run(on: Blobs = blobs, until: () => boolean | Promise<boolean> = allTaken): Promise<void> {
  const versioner = createVersioner({ bus, blobs: on, codec: nodeCodec, clock, logger: silentLogger });
  const started = versioner.start();
  for (let turn = 0; ; turn++) {
    if (turn > 5 && (await until())) break;
    if (turn > 5_000) throw new Error('the worker does not come to it');
    await clock.advance(100);
    // Files are written by threads that no clock moves.
    await new Promise((done) => setTimeout(done, 1));
  }
  await started;
  const stopping = versioner.stop();
  await clock.advance(1_000);
  await stopping;
}

async function dataset(at = 'main'): Promise<DatasetRecord[]> {
  const repository = createRepository(blobs, nodeCodec);
  const head = await repository.head(project, at);
  const version = head === null ? null : await repository.open(project, at);
  if (version === null) return [];
  const records: DatasetRecord[] = [];
  for await (const batch of scanTree(version.nodes, version.commit.root, ''))
    records.push(...batch.map(({ value }) => decodeRecord(value)));
  return records;
}
const held = async () =>
  (await dataset()).map(({ seq, revision, answer }) => [seq, revision, answer.answers['label']]);
async function commits(): Promise<string[]> {
  const repository = createRepository(blobs, nodeCodec);
  const head = await repository.head(project, 'main');
  const ids: string[] = [];
  if (head !== null) for await (const { id } of repository.log(project, head.commit)) ids.unshift(id);
  return ids;
}
async function announced(): Promise<string[]> {
  const events = await bus.read(0, 500, { types: ['concord.version.committed.v1'] });
  return events.map(({ event }) => event.id);
}

describe('from the bus to a branch', () => {
  it('[VC14] keeps the highest revision of each task, whatever comes again and in whatever batches', async () => {
    await bus.publish([settled(1), settled(2), settled(1, 2)]);
    await run();
    expect(await held()).toEqual([
      [1, 2, 'answer 2'],
      [2, 1, 'answer 1'],
    ]);
    const before = await commits();
    // Delivered again, older ones too, and with something else in them: what is held stays.
    await bus.publish([
      settled(1, 1, 'late', '-b'),
      settled(1, 2, 'late', '-b'),
      settled(2, 1, 'late', '-b'),
    ]);
    await run();
    expect(await commits()).toEqual(before);
    await bus.publish([settled(2, 2), settled(3)]);
    await run();
    expect(await held()).toEqual([
      [1, 2, 'answer 2'],
      [2, 2, 'answer 2'],
      [3, 1, 'answer 1'],
    ]);
  });

  it('[VC14] a reopened task keeps its last settled answer until it is settled again', async () => {
    const reopened = makeEvent(
      'concord.item.reopened.v1',
      'tsk_1:reopened:1',
      { projectId: project, taskId: 'tsk_1', revision: 1, reason: 'looks wrong', at: 2 },
      2,
    );
    await bus.publish([settled(1), reopened]);
    await run();
    expect(await held()).toEqual([[1, 1, 'answer 1']]);
    await bus.publish([settled(1, 2)]);
    await run();
    expect(await held()).toEqual([[1, 2, 'answer 2']]);
  });

  it('[VC15] a batch is acknowledged only once its branch has moved; a worker that dies before leaves it to the next', async () => {
    await bus.publish([settled(1), settled(2)]);
    let tries = 0;
    const dying: Blobs = {
      ...blobs,
      async putRef(name, value, expect) {
        if (!name.startsWith('datasets/')) return blobs.putRef(name, value, expect);
        tries += 1;
        throw new Error('the disk is gone');
      },
    };
    await run(dying, () => tries > 1);
    expect(await held()).toEqual([]);
    expect(await waiting()).toBe(2);
    await run();
    expect(await held()).toEqual([
      [1, 1, 'answer 1'],
      [2, 1, 'answer 1'],
    ]);
    expect(await waiting()).toBe(0);
    expect(await commits()).toHaveLength(1);
  });

  it('[VC15] [VC16] one that dies between moving a branch and saying so says so later, and commits nothing twice', async () => {
    await bus.publish([settled(1)]);
    const { publish } = bus;
    let tries = 0;
    bus.publish = async (events) => {
      if (events.every(({ type }) => type !== 'concord.version.committed.v1')) return publish(events);
      tries += 1;
      throw new Error('the bus is gone');
    };
    await run(blobs, () => tries > 1);
    expect(await held()).toEqual([[1, 1, 'answer 1']]);
    expect(await announced()).toEqual([]);
    expect(await waiting()).toBe(1);
    bus.publish = publish;
    await run();
    const made = await commits();
    expect(made).toHaveLength(1);
    expect(await announced()).toEqual(made);
    expect(await waiting()).toBe(0);
  });

  it('[VC16] announces every commit under its own id, in order; again it is the same id', async () => {
    for (let seq = 1; seq <= 3; seq++) {
      await bus.publish([settled(seq)]);
      await run();
    }
    const made = await commits();
    expect(made).toHaveLength(3);
    expect(await announced()).toEqual(made);
    const [first] = await bus.read(0, 1, { types: ['concord.version.committed.v1'] });
    expect(first!.event).toMatchObject({ id: made[0], data: { commit: made[0], added: 1, total: 1 } });
    // Forgotten that it was announced, it is announced again, and the bus knows it.
    for (const name of await blobs.listRefs('announced/')) rmSync(join(folder, 'blobs', 'refs', name));
    await run();
    expect(await announced()).toEqual(made);
  });

  it('[VC14] [VC15] any order of deliveries and repeats ends in the same records', async () => {
    const facts = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 8,
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(facts, async (deliveries) => {
        round += 1;
        const at = join(folder, `round-${round}`);
        blobs = createFileBlobs({ folder: at });
        await bus.close();
        bus = createSqliteBus({ file: join(at, 'bus.db'), clock, logger: silentLogger });
        for (const [i, [seq, revision]] of deliveries.entries()) {
          await bus.publish([settled(seq, revision, `answer ${revision}`, `-${i}`)]);
          if (i % 3 === 2) await run();
        }
        await run();
        const newest = new Map<number, number>();
        for (const [seq, revision] of deliveries) newest.set(seq, Math.max(revision, newest.get(seq) ?? 0));
        expect(await held()).toEqual(
          [...newest]
            .sort(([a], [b]) => a - b)
            .map(([seq, revision]) => [seq, revision, `answer ${revision}`]),
        );
      }),
      { numRuns: 8 },
    );
  });
});
