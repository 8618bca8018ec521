import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUnitPlatform, type UnitPlatform } from '../testing/unit-platform.ts';
import { createLease } from './lease.ts';
import { createNodes, type Nodes } from './nodes.ts';
import { ownerAmong } from './rendezvous.ts';

const ids = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id).sort();

describe('the nodes on one store', () => {
  let platform: UnitPlatform;
  let started: Nodes[];
  beforeEach(() => {
    platform = createUnitPlatform();
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((node) => node.stop()));
    await platform.dispose();
  });

  async function node(url: string | null = null): Promise<Nodes> {
    const made = createNodes(platform.node(), { url, shared: true });
    await made.start();
    started.push(made);
    return made;
  }
  /** In steps, so that what a look reads from the disk is there before the next. */
  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 100) await platform.clock.advance(100);
  }
  /** Ends it as a kill -9 does: nothing more is written. */
  async function kill(victim: Nodes): Promise<void> {
    const { commit } = platform.store;
    const frozen = (await platform.store.get('nodes', victim.self.id))?.record;
    Object.assign(platform.store, {
      commit: (unit: Parameters<typeof commit>[0]) =>
        unit.writes?.some(
          (write) => 'put' in write && write.put === 'nodes' && write.record.id === victim.self.id,
        )
          ? Promise.reject(new Error('dead'))
          : commit(unit),
    });
    expect(frozen).toBeDefined();
  }

  test('see each other within a second, and that one died within three', async () => {
    const [one, two, three] = [await node(), await node(), await node()];
    await pass(1_000);
    expect(ids(one.others())).toEqual(ids([two.self, three.self]));
    expect(ids(three.others())).toEqual(ids([one.self, two.self]));
    await kill(two);
    await pass(1_500);
    expect(one.isGone(two.self.id)).toBe(false);
    await pass(1_500);
    expect(ids(one.others())).toEqual(ids([three.self]));
    expect(one.isGone(two.self.id)).toBe(true);
  });

  test('one that stopped in order is gone at once, and what is left of an earlier life never counts', async () => {
    const [one, two] = [await node('http://one'), await node('http://two')];
    await pass(1_000);
    await two.stop();
    await pass(600);
    expect(one.others()).toEqual([]);
    expect(one.addresses()).toEqual(['http://one', 'http://two']);
    const later = await node();
    await pass(100);
    expect(ids(later.others())).not.toContain(two.self.id);
    await pass(1_000);
    expect(ids(later.others())).toEqual(ids([one.self]));
  });

  test('clocks and pauses judge nobody: a node that stood still for a minute sees the others alive', async () => {
    const [one, two] = [await node(), await node()];
    await pass(1_000);
    const moves: boolean[] = [];
    one.onLook((moved) => moves.push(moved));
    const { now } = platform.clock;
    Object.assign(platform.clock, { now: () => now() + 3_600_000 });
    await pass(2_000);
    expect(ids(one.others())).toEqual(ids([two.self]));
    expect(moves).not.toContain(true);
  });

  test('agree on who has a room; one that drains has none, and everybody knows by the next look', async () => {
    const nodes = [await node('http://one'), await node('http://two'), await node('http://three')];
    await pass(1_000);
    const rooms = Array.from({ length: 50 }, (_, i) => `tsk_${i}`);
    const owners = (of: Nodes) => rooms.map((room) => of.ownerOf(room)?.url);
    expect(owners(nodes[1]!)).toEqual(owners(nodes[0]!));
    expect(owners(nodes[2]!)).toEqual(owners(nodes[0]!));
    const before = owners(nodes[0]!);
    await nodes[1]!.drain();
    await pass(600);
    for (const one of nodes) {
      expect(owners(one)).not.toContain('http://two');
      // Only the rooms of the one that goes move.
      expect(owners(one).filter((url, i) => url !== before[i] && before[i] !== 'http://two')).toEqual([]);
    }
  });

  test('while the store is away everybody is taken to be as they were', async () => {
    const [one, two] = [await node(), await node()];
    await pass(1_000);
    const { page } = platform.store;
    Object.assign(platform.store, { page: () => Promise.reject(new Error('away')) });
    await pass(10_000);
    expect(ids(one.others())).toEqual(ids([two.self]));
    Object.assign(platform.store, { page });
    await pass(1_000);
    expect(ids(one.others())).toEqual(ids([two.self]));
  });

  test('the records of the dead are taken away, but for addresses that open pages may come from', async () => {
    const one = await node('http://one');
    for (const url of [null, 'http://one', 'http://old']) await (await node(url)).stop();
    await pass(40_000);
    const left = (await platform.store.page('nodes', { index: 'started', limit: 10 })).items;
    expect(left.map(({ record }) => record.url).sort()).toEqual(['http://old', 'http://one']);
    expect(one.addresses()).toEqual(['http://one', 'http://old']);
  });

  test('a lease is held by one, goes on within three seconds when that one dies, and at once when it drains', async () => {
    const nodes = [await node(), await node(), await node()];
    const held = new Map<Nodes, boolean>();
    for (const one of nodes) createLease('pump', platform, one).start((is) => held.set(one, is));
    const holders = () => nodes.filter((one) => held.get(one));
    await pass(1_000);
    expect(holders()).toHaveLength(1);
    const first = holders()[0]!;
    await first.drain();
    await pass(1_000);
    const second = holders();
    expect(second).toHaveLength(1);
    expect(second[0]).not.toBe(first);
    await kill(second[0]!);
    held.delete(second[0]!);
    await pass(3_000);
    expect(holders()).toHaveLength(1);
  });
});

test('a room goes to each of the nodes about as often', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  const counts = new Map<string, number>();
  for (let i = 0; i < 4000; i++) {
    const owner = ownerAmong(nodes, `tsk_${i}`)!.id;
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  for (const { id } of nodes) expect(counts.get(id)).toBeGreaterThan(900);
  expect(ownerAmong([], 'tsk_1')).toBeNull();
});
