import { createHash } from 'node:crypto';
import { ConcordError } from '@concord/core/errors/concord-error';
import { canonicalJson } from '@concord/core/versioning/canonical-json';
import type { ObjectStore } from '@concord/core/versioning/codec';
import { collectPacks } from '@concord/core/versioning/collect';
import { encodeCommit } from '@concord/core/versioning/commit';
import { createRepository, headRef } from '@concord/core/versioning/repository';
import { buildTree } from '@concord/core/versioning/tree-build';
import { diffTrees } from '@concord/core/versioning/tree-diff';
import { scanTree } from '@concord/core/versioning/tree-read';
import type { RecordChange } from '@concord/core/versioning/tree-update';
import { writeVersion } from '@concord/core/versioning/write-version';
import { describe, expect, it } from 'vitest';
import { nodeCodec } from './node-codec.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The Blobs port's promises in memory, with what tests want to know and to break. */
function memoryObjects() {
  const blobs = new Map<string, Uint8Array>();
  const refs = new Map<string, { value: string; version: string }>();
  const store: ObjectStore & { gets: number } = {
    gets: 0,
    async put(bytes) {
      const hash = sha256(bytes);
      blobs.set(hash, bytes);
      return hash;
    },
    async get(hash, range) {
      store.gets += 1;
      const bytes = blobs.get(hash);
      if (bytes === undefined) return null;
      return range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
    },
    async remove(hash) {
      blobs.delete(hash);
    },
    getRef: async (name) => refs.get(name) ?? null,
    async putRef(name, value, expect) {
      if ((refs.get(name)?.version ?? 'absent') !== expect) throw new ConcordError('conflict', 'moved');
      refs.set(name, { value, version: sha256(Buffer.from(value + expect)) });
    },
    listRefs: async (prefix) => [...refs.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
  return { store, blobs, refs };
}

const project = 'prj_a';
/** When every commit here is made. */
const at = 1_700_000_000_000;
const keyOf = (n: number) => `${String(n).padStart(10, '0')}/tsk_${n}`;
const put = (n: number, text: string): RecordChange => ({ key: keyOf(n), value: canonicalJson({ n, text }) });

function dataset() {
  const objects = memoryObjects();
  const repository = createRepository(objects.store, nodeCodec);
  const write = async (changes: readonly RecordChange[], store: ObjectStore = objects.store) => {
    const head = await repository.head(project, 'main');
    const version = head === null ? null : await repository.open(project, 'main');
    const base =
      head === null || version === null ? null : { head, commit: version.commit, nodes: version.nodes };
    return writeVersion(store, nodeCodec, {
      project,
      branch: 'main',
      base,
      changes,
      author: 'test',
      at,
      message: (stats) => `${stats.added} added`,
      source: null,
      schemaVersion: 1,
    });
  };
  const recordsAt = async (name: string) => {
    const version = await repository.open(project, name);
    if (version === null) throw new Error(`no version ${name}`);
    const found: Record<string, string> = {};
    for await (const batch of scanTree(version.nodes, version.commit.root))
      for (const { key, value } of batch) found[key] = value;
    return found;
  };
  return { ...objects, repository, write, recordsAt };
}

describe('versions', () => {
  it('[VC8] a commit has the id of its canonical bytes, its parent, its number and exact statistics', async () => {
    const { write, blobs, repository } = dataset();
    const first = await write([put(1, 'a'), put(2, 'b')]);
    const second = await write([put(2, 'c'), put(3, 'd'), { key: keyOf(1), value: null }]);
    expect(first?.id).toBe(sha256(Buffer.from(encodeCommit(first!.commit))));
    expect(blobs.has(first!.id)).toBe(true);
    expect(second?.commit).toMatchObject({
      number: 2,
      parents: [first!.id],
      stats: { added: 1, changed: 1, removed: 1, total: 2 },
    });
    const log = [];
    for await (const { id } of repository.log(project, second!.id)) log.push(id);
    expect(log).toEqual([second!.id, first!.id]);
  });

  it('[VC9] every version stays readable, however many were made after it and however packs were joined', async () => {
    const { write, recordsAt, repository } = dataset();
    const expected: Record<string, string> = {};
    const versions: { id: string; records: Record<string, string> }[] = [];
    for (let i = 0; i < 120; i++) {
      const change = put((i * 37) % 90, `round ${i}`);
      expected[change.key] = change.value as string;
      const version = await write([change]);
      versions.push({ id: version!.id, records: { ...expected } });
    }
    for (const { id, records } of versions) expect(await recordsAt(id)).toEqual(records);
    const packs = (await repository.head(project, 'main'))!.packs;
    expect(packs.length).toBeLessThanOrEqual(30);
  });

  it('[VC9] a commit of one record among many grows the storage by little, before anything is removed', async () => {
    const { write, blobs, repository } = dataset();
    for (let i = 0; i < 400; i++) await write([put(i, `${i} `.repeat(60))]);
    const { packs, retired } = (await repository.head(project, 'main'))!;
    const needed = packs.reduce((sum, pack) => sum + pack.bytes, 0);
    const all = [...blobs.values()].reduce((sum, blob) => sum + blob.length, 0);
    expect(all / needed).toBeLessThan(3.5);
    expect(packs.length).toBeLessThanOrEqual(45);
    expect(retired.length).toBeGreaterThan(350);
  });

  it('[VC18] what was joined goes after its time, every version stays readable, and so does one that is being read', async () => {
    const { write, store, blobs, repository, recordsAt } = dataset();
    const versions: string[] = [];
    for (let i = 0; i < 40; i++) versions.push((await write([put(i, `round ${i}`)]))!.id);
    const reader = (await repository.open(project, 'main'))!;
    const slow = scanTree(reader.nodes, reader.commit.root);
    const cold = (await createRepository(store, nodeCodec).open(project, versions[3]!))!;
    for (let i = 40; i < 300; i++) versions.push((await write([put(i, `round ${i}`)]))!.id);
    const where = { project, branch: 'main' };
    const collect = (now: number) => collectPacks(store, repository, where, now, 1000);
    const before = blobs.size;
    expect(await collect(at + 999)).toBe(0);
    const removed = await collect(at + 1000);
    expect(removed).toBeGreaterThan(250);
    expect(blobs.size).toBe(before - removed);
    const { packs, retired } = (await repository.head(project, 'main'))!;
    expect(retired).toEqual([]);
    expect(packs.every(({ hash }) => blobs.has(hash))).toBe(true);
    expect(await collect(at + 5000)).toBe(0);

    for (const [i, id] of versions.entries()) expect(Object.keys(await recordsAt(id))).toHaveLength(i + 1);
    for (const [version, count] of [
      [reader, 40],
      [cold, 4],
    ] as const) {
      let records = 0;
      const scan = version === reader ? slow : scanTree(version.nodes, version.commit.root);
      for await (const batch of scan) records += batch.length;
      expect(records).toBe(count);
    }
  });

  it('[VC18] a pack that another branch names stays', async () => {
    const { write, store, refs, blobs, repository } = dataset();
    for (let i = 0; i < 10; i++) await write([put(i, 'a')]);
    const old = refs.get(headRef(project, 'main'))!;
    await store.putRef(headRef(project, 'kept'), old.value, 'absent');
    for (let i = 10; i < 40; i++) await write([put(i, 'a')]);
    await collectPacks(store, repository, { project, branch: 'main' }, at + 5000, 1000);
    const kept = (await repository.head(project, 'kept'))!;
    expect(kept.packs.every(({ hash }) => blobs.has(hash))).toBe(true);
    expect((await repository.head(project, 'main'))!.retired.length).toBe(10);
  });

  it('[VC18] a commit beside the removal meets a conflict, never a pack that is gone', async () => {
    const { write, store, repository, recordsAt } = dataset();
    for (let i = 0; i < 20; i++) await write([put(i, 'a')]);
    const meanwhile = {
      ...store,
      putRef: async (name: string, value: string, expect: string) => {
        await collectPacks(store, repository, { project, branch: 'main' }, at + 5000, 1000);
        await store.putRef(name, value, expect);
      },
    };
    await expect(write([put(20, 'a')], meanwhile)).rejects.toMatchObject({ code: 'conflict' });
    await write([put(20, 'a')]);
    expect(Object.keys(await recordsAt('main'))).toHaveLength(21);
  });

  it('[VC18] the same change made twice never makes the same pack', async () => {
    const { write, repository } = dataset();
    await write([put(1, 'a')]);
    const seen = new Set<string>();
    for (let i = 0; i < 12; i++) {
      await write([put(1, i % 2 === 0 ? 'b' : 'a')]);
      seen.add((await repository.head(project, 'main'))!.packs.at(-1)!.hash);
    }
    expect(seen.size).toBe(12);
  });

  it('[VC4] two datasets with the same records have the same root, whatever their histories', async () => {
    const one = dataset();
    const two = dataset();
    for (let i = 0; i < 200; i++) await one.write([put(i, 'x')]);
    const last = await two.write(Array.from({ length: 200 }, (_, i) => put(199 - i, 'x')));
    expect((await one.repository.open(project, 'main'))?.commit.root).toBe(last?.commit.root);
  });

  it('[VC10] a change that changes nothing makes no commit', async () => {
    const { write, refs, blobs } = dataset();
    await write([put(1, 'a')]);
    const before = [refs.get(headRef(project, 'main')), blobs.size];
    expect(await write([put(1, 'a'), { key: keyOf(9), value: null }])).toBeNull();
    expect([refs.get(headRef(project, 'main')), blobs.size]).toEqual(before);
  });

  it('[VC11] the branch moves last: a crash at any write before leaves the old version whole', async () => {
    for (let crashAt = 1; crashAt <= 3; crashAt++) {
      const { write, store, recordsAt, repository } = dataset();
      const first = await write(Array.from({ length: 100 }, (_, i) => put(i, 'a')));
      let writes = 0;
      const crash = <A extends unknown[], R>(run: (...args: A) => Promise<R>) => {
        return (...args: A) => (++writes >= crashAt ? Promise.reject(new Error('crash')) : run(...args));
      };
      const dying = { ...store, put: crash(store.put), putRef: crash(store.putRef) };
      await expect(write([put(50, 'b')], dying)).rejects.toThrow('crash');
      expect((await repository.head(project, 'main'))?.commit).toBe(first?.id);
      expect(Object.keys(await recordsAt('main'))).toHaveLength(100);
      expect((await write([put(50, 'b')]))?.commit.stats).toMatchObject({ changed: 1, total: 100 });
    }
  });

  it('[VC11] of two writers on one base, one gets a conflict and nothing of it shows', async () => {
    const { write, store, repository, recordsAt } = dataset();
    await write([put(1, 'a')]);
    const slow = {
      ...store,
      putRef: async (name: string, value: string, expect: string) => {
        await write([put(2, 'fast')]);
        await store.putRef(name, value, expect);
      },
    };
    await expect(write([put(3, 'slow')], slow)).rejects.toMatchObject({ code: 'conflict' });
    expect(Object.keys(await recordsAt('main'))).toEqual([keyOf(1), keyOf(2)]);
    expect((await repository.open(project, 'main'))?.commit.number).toBe(2);
  });

  it('[VC12] a damaged node is refused, not read', async () => {
    const { write, blobs, repository, recordsAt } = dataset();
    await write(Array.from({ length: 50 }, (_, i) => put(i, 'a')));
    const pack = (await repository.head(project, 'main'))?.packs[0]?.hash as string;
    const bytes = Uint8Array.from(blobs.get(pack) as Uint8Array);
    bytes[bytes.length - 5] = (bytes.at(-5) as number) ^ 1;
    blobs.set(pack, bytes);
    await expect(recordsAt('main')).rejects.toMatchObject({ code: 'internal' });
  });

  it('[VC13] a commit of another project, an unknown one and an unused one are not found', async () => {
    const { write, repository, store } = dataset();
    const { id, commit } = (await write([put(1, 'a')]))!;
    expect(await repository.open('prj_b', id)).toBeNull();
    expect(await repository.open(project, 'f'.repeat(64))).toBeNull();
    expect(await repository.open(project, 'nothing')).toBeNull();
    const orphan = await store.put(Buffer.from(encodeCommit({ ...commit, root: 'e'.repeat(64) })));
    expect(await repository.open(project, orphan)).toBeNull();
    expect((await repository.open(project, id))?.id).toBe(id);
  });

  it('[VC7] a whole scan fetches neighbours together', async () => {
    const { write, store, recordsAt } = dataset();
    const records = Array.from({ length: 20_000 }, (_, i) => put(i, 'x'.repeat(50)));
    await write(records);
    store.gets = 0;
    expect(Object.keys(await recordsAt('main'))).toHaveLength(20_000);
    const leaves = [...buildTree(nodeCodec, records as { key: string; value: string }[]).nodes.values()]
      .length;
    expect(store.gets).toBeLessThan(leaves / 10);
  });

  it('[VC6] the difference of two versions far apart in history', async () => {
    const { write, repository } = dataset();
    const first = (await write(Array.from({ length: 500 }, (_, i) => put(i, 'a'))))!;
    for (let i = 0; i < 30; i++) await write([put(i * 16, `b${i}`)]);
    const head = (await repository.open(project, 'main'))!;
    const differences = diffTrees(
      { nodes: head.nodes, root: first.commit.root },
      { nodes: head.nodes, root: head.commit.root },
    );
    const found = [];
    for await (const { key } of differences) found.push(key);
    expect(found).toEqual(Array.from({ length: 30 }, (_, i) => keyOf(i * 16)));
  });
});
