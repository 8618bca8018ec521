import { isDeepStrictEqual as same } from 'node:util';
import type { Task } from '@concord/core/records/task';
import { type DatasetRecord, decodeRecord } from '@concord/core/versioning/record';
import { createRepository } from '@concord/core/versioning/repository';
import { scanTree } from '@concord/core/versioning/tree-read';
import { nodeCodec } from '@concord/platform/datasets/node-codec';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus } from '@concord/platform/ports/bus';
import type { ServerLife } from './server-life.ts';
import type { SimWorld } from './sim-world.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Every settled item stands in the dataset's head once, as it was settled, with what its people sent; nothing else does. */
export async function checkDataset(
  world: SimWorld,
  { store }: ServerLife,
  tasks: readonly Task[],
  { bus, blobs }: { readonly bus: Bus; readonly blobs: Blobs },
): Promise<{ readonly broken: string[]; readonly commits: number }> {
  const broken: string[] = [];
  const repository = createRepository(blobs, nodeCodec);
  const held: DatasetRecord[] = [];
  const commits: string[] = [];
  const version = await repository.open(world.project.id, 'main');
  if (version !== null) {
    for await (const leaf of scanTree(version.nodes, version.commit.root))
      held.push(...leaf.map(({ value }) => decodeRecord(value)));
    let newer = '';
    for await (const { id, commit } of repository.log(world.project.id, version.id)) {
      commits.unshift(id);
      if (commit.root === newer) broken.push(`a version after ${id} changes nothing`);
      newer = commit.root;
    }
  }
  for (const task of tasks) {
    const records = held.filter((record) => record.task === task.id);
    // An item opened again keeps its last answer in the dataset until it has a new one.
    const expected = task.revision > 0 ? 1 : 0;
    if (records.length !== expected)
      broken.push(`${task.id} stands ${records.length} times in the dataset, ${expected} expected`);
    const settled = (await store.get('finalizations', `${task.id}:${task.revision}`))?.record;
    const [record] = records;
    if (record === undefined || settled === undefined) continue;
    if (record.revision !== task.revision)
      broken.push(`${task.id} is at revision ${task.revision}, the dataset at ${record.revision}`);
    if (!same(plain(record.answer), plain(settled.answer)))
      broken.push(`${task.id} has another answer in the dataset`);
    for (const contribution of record.contributions) {
      const sent = (await store.get('submissions', contribution.submissionId))?.record;
      if (sent === undefined || !same(plain(sent.annotation), plain(contribution.annotation)))
        broken.push(`${contribution.submissionId} is not in the dataset as it was sent`);
    }
  }
  if (held.length !== new Set(held.map((record) => record.task)).size)
    broken.push('the dataset holds an item twice');
  const events = await bus.read(0, 10_000, { types: ['concord.version.committed.v1'] });
  const announced = events.flatMap(({ event }) =>
    event.type === 'concord.version.committed.v1' ? [event.data.commit] : [],
  );
  if (!same(announced, commits))
    broken.push(
      `${commits.length} versions were committed, ${announced.length} announced, or in another order`,
    );
  if ((await bus.deadLetters('versioner')).length > 0) broken.push('events are with the dead letters');
  return { broken, commits: commits.length };
}
