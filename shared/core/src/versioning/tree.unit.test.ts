import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNode, type NodeSource } from './node.ts';
import { testDigest } from './testing/test-digest.ts';
import { type BuiltTree, buildTree, type KeyedRecord } from './tree-build.ts';
import { diffTrees } from './tree-diff.ts';
import { getRecord, scanTree } from './tree-read.ts';
import { type RecordChange, updateTree } from './tree-update.ts';

const codec = { digest: testDigest };

/** All nodes ever written, and how many of them were read. */
function memory() {
  const texts = new Map<string, string>();
  const read: string[] = [];
  const source: NodeSource = {
    read: async (hash) => {
      read.push(hash);
      const text = texts.get(hash);
      if (text === undefined) throw new Error(`missing node ${hash}`);
      return decodeNode(text);
    },
    readMany: (hashes) => Promise.all(hashes.map(source.read)),
  };
  const keep = (tree: BuiltTree) => {
    for (const [hash, text] of tree.nodes) texts.set(hash, text);
    return tree;
  };
  const build = (records: readonly KeyedRecord[]) => keep(buildTree(codec, records));
  const update = async (root: string, changes: readonly RecordChange[]) =>
    keep(await updateTree(codec, source, root, changes));
  return { source, read, keep, build, update };
}

const keyOf = (n: number) => `${String(n).padStart(10, '0')}/tsk_${n}`;
const recordsOf = (count: number, value = 'a'): KeyedRecord[] =>
  Array.from({ length: count }, (_, i) => ({ key: keyOf(i), value: JSON.stringify(value + i) }));

async function all(source: NodeSource, root: string, after = ''): Promise<KeyedRecord[]> {
  const found: KeyedRecord[] = [];
  for await (const batch of scanTree(source, root, after))
    found.push(...batch.map(({ key, value }) => ({ key, value })));
  return found;
}

async function differences(source: NodeSource, a: string, b: string) {
  const found = [];
  for await (const diff of diffTrees({ nodes: source, root: a }, { nodes: source, root: b }))
    found.push(diff);
  return found;
}

/** The keys of the property tests: dense at one end, so that runs are inserted and removed as well as single records. */
const change = fc.record({
  key: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3000 })).map(keyOf),
  value: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 3 }).map((n) => JSON.stringify(`v${n}`)),
  ),
});
const starts = fc.constantFrom(0, 1, 5, 64, 65, 300, 2500);
const batches = fc.array(fc.array(change, { minLength: 1, maxLength: 120 }), { minLength: 1, maxLength: 5 });

function applied(records: readonly KeyedRecord[], changes: readonly RecordChange[]): KeyedRecord[] {
  const map = new Map(records.map((r) => [r.key, r.value]));
  for (const { key, value } of changes) value === null ? map.delete(key) : map.set(key, value);
  return [...map].map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

describe('the tree', () => {
  it('[VC4] an edited tree has the root of one built from nothing, and every node it names exists', async () => {
    await fc.assert(
      fc.asyncProperty(starts, batches, async (start, edits) => {
        const { source, build, update } = memory();
        let records = recordsOf(start);
        let tree = build(records);
        for (const batch of edits) {
          tree = await update(tree.root, batch);
          records = applied(records, batch);
          expect(tree.root).toBe(buildTree(codec, records).root);
          expect(tree.total).toBe(records.length);
          expect(await all(source, tree.root)).toEqual(records);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('[VC4] the same edits in any order and any batches give one root', async () => {
    await fc.assert(
      fc.asyncProperty(
        starts,
        fc.uniqueArray(change, { selector: (c) => c.key, minLength: 1, maxLength: 150 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(), { minLength: 150, maxLength: 150 }),
        async (start, changes, size, shuffle) => {
          const { build, update } = memory();
          const base = build(recordsOf(start)).root;
          const order = changes.map((c, i) => [shuffle[i] as number, c] as const).sort(([a], [b]) => a - b);
          let root = base;
          for (let i = 0; i < order.length; i += size)
            root = (
              await update(
                root,
                order.slice(i, i + size).map(([, c]) => c),
              )
            ).root;
          expect(root).toBe((await update(base, changes)).root);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('[VC6] a diff lists exactly what differs, with both values', async () => {
    await fc.assert(
      fc.asyncProperty(starts, fc.array(change, { maxLength: 200 }), async (start, changes) => {
        const { source, build, update } = memory();
        const before = recordsOf(start);
        const a = build(before).root;
        const b = (await update(a, changes)).root;
        const old = new Map(before.map((r) => [r.key, r.value]));
        const now = new Map(applied(before, changes).map((r) => [r.key, r.value]));
        const expected = [...new Set([...old.keys(), ...now.keys()])]
          .sort()
          .map((key) => ({ key, before: old.get(key) ?? null, after: now.get(key) ?? null }))
          .filter((d) => d.before !== d.after);
        expect(await differences(source, a, b)).toEqual(expected);
        expect(await differences(source, b, a)).toEqual(
          expected.map((d) => ({ key: d.key, before: d.after, after: d.before })),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('[VC5] an edit of one record in 20,000 reads and writes one path', async () => {
    const { build, update, read, source } = memory();
    const tree = build(recordsOf(20_000));
    let height = 0;
    for (let node = await source.read(tree.root); node.level > 0; height++)
      node = await source.read(node.entries[0]?.value as string);
    read.length = 0;
    const edited = await update(tree.root, [{ key: keyOf(12_345), value: '"new"' }]);
    expect(read.length).toBe(height + 1);
    expect(edited.nodes.size).toBe(height + 1);
  });

  it('[VC5] appending reads the right edge only', async () => {
    const { build, update, read } = memory();
    const tree = build(recordsOf(20_000));
    read.length = 0;
    await update(tree.root, recordsOf(20_500).slice(20_000));
    expect(read.length).toBeLessThanOrEqual(4);
  });

  it('[VC6] a diff of 3 records in 20,000 reads a few nodes of each side', async () => {
    const { build, update, read, source } = memory();
    const tree = build(recordsOf(20_000));
    const edits = [17, 9_999, 19_998].map((n) => ({ key: keyOf(n), value: '"new"' }));
    const edited = await update(tree.root, edits);
    read.length = 0;
    expect((await differences(source, tree.root, edited.root)).map((d) => d.key)).toEqual(
      edits.map((e) => e.key),
    );
    expect(read.length).toBeLessThanOrEqual(2 * 3 * 3);
  });

  it('[VC3] a changed value moves no boundary: all other leaves stay', async () => {
    const { build, update } = memory();
    const tree = build(recordsOf(5_000));
    const edited = await update(tree.root, [{ key: keyOf(2_500), value: JSON.stringify('x'.repeat(5_000)) }]);
    const leaves = [...edited.nodes.values()].filter((text) => decodeNode(text).level === 0);
    expect(leaves).toHaveLength(1);
  });

  it('[VC5] an update that changes nothing writes nothing and keeps the root', async () => {
    const { build, update } = memory();
    for (const start of [0, 3, 700]) {
      const tree = build(recordsOf(start));
      const same = await update(tree.root, [
        ...recordsOf(start).slice(0, 2),
        { key: `${keyOf(start)}x`, value: null },
      ]);
      expect(same).toEqual({ root: tree.root, total: start, nodes: new Map() });
    }
  });

  it('[VC7] get finds what is there and nothing else', async () => {
    const { build, source } = memory();
    const { root } = build(recordsOf(1000));
    expect(await getRecord(source, root, keyOf(0))).toBe('"a0"');
    expect(await getRecord(source, root, keyOf(999))).toBe('"a999"');
    expect(await getRecord(source, root, `${keyOf(500)}x`)).toBeNull();
    expect(await getRecord(source, root, keyOf(1000))).toBeNull();
    expect(await getRecord(source, build([]).root, keyOf(1))).toBeNull();
  });

  it('[VC7] a scan starts after any key', async () => {
    const { build, source } = memory();
    const records = recordsOf(3000);
    const { root } = build(records);
    for (const after of ['', keyOf(0), `${keyOf(1234)}x`, keyOf(2998), keyOf(2999)])
      expect(await all(source, root, after)).toEqual(records.filter((r) => r.key > after));
  });
});
