import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Blobs } from '../../ports/blobs.ts';
import { createFileBlobs } from './blobs-files.ts';

let dir: string;
let blobs: Blobs;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'concord-blobs-'));
  blobs = createFileBlobs({ folder: dir });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('stores bytes by their hash, once, and reads ranges', async () => {
  const hash = await blobs.put(Buffer.from('hello'));
  expect(hash).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  expect(await blobs.put(Buffer.from('hello'))).toBe(hash);
  expect(Buffer.from((await blobs.get(hash, { start: 1, end: 3 }))!).toString()).toBe('ell');
  expect(await blobs.size(hash)).toBe(5);
  expect(await blobs.get('0'.repeat(64))).toBeNull();
});

it('keeps nothing of a stream that is too long', async () => {
  async function* long() {
    yield Buffer.alloc(600);
    yield Buffer.alloc(600);
  }
  await expect(blobs.putStream(long(), 1000)).rejects.toMatchObject({ code: 'input.too_large' });
  expect((await blobs.putStream(long(), 2000)).bytes).toBe(1200);
});

it('moves a reference only from where it is, however many try', async () => {
  await expect(blobs.putRef('a/b', 'x', 'nowhere')).rejects.toMatchObject({ code: 'conflict' });
  await blobs.putRef('a/b', '0', 'absent');
  const start = (await blobs.getRef('a/b'))!;
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) =>
      createFileBlobs({ folder: dir }).putRef('a/b', String(i + 1), start.version),
    ),
  );
  expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1);
  expect(await blobs.listRefs('a/')).toEqual(['a/b']);
});

it.each(['../out', 'a/../../b', '/etc/x', 'a//b'])('refuses the reference name %s', async (name) => {
  await expect(blobs.putRef(name, 'x', 'absent')).rejects.toMatchObject({ code: 'input.invalid' });
});

/** How many files this process has open. */
const descriptors = () => readdirSync('/dev/fd').length;

it('a stream holds nothing open that nobody reads, nor when it was read or left', async () => {
  const hash = await blobs.put(Buffer.alloc(1_000_000, 'x'));
  const before = descriptors();
  const streams = await Promise.all(Array.from({ length: 120 }, () => blobs.stream(hash)));
  for (const stream of streams.slice(0, 40)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of stream!) pieces.push(piece);
    expect(Buffer.concat(pieces).equals((await blobs.get(hash))!)).toBe(true);
  }
  for (const stream of streams.slice(40, 80)) {
    for await (const piece of stream!) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
  }
  // Others in this process may open a few of their own.
  expect(descriptors()).toBeLessThan(before + 20);
  expect(await blobs.stream('0'.repeat(64))).toBeNull();
});

it('a file that goes away before it is read fails the reader, and nobody else', async () => {
  const hash = await blobs.put(Buffer.from('soon gone'));
  const stream = await blobs.stream(hash);
  await blobs.remove(hash);
  await blobs.remove(hash);
  expect(await blobs.get(hash)).toBeNull();
  await expect(stream![Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'ENOENT' });
});

it('what could not be put in its place leaves nothing behind', async () => {
  const bytes = Buffer.from('hello');
  const incoming = () => readdirSync(join(dir, 'incoming'));
  // Where the folder for it would be, there is a file.
  writeFileSync(join(dir, '2c'), '');
  await expect(blobs.put(bytes)).rejects.toThrow();
  await expect(
    blobs.putStream(
      (async function* () {
        yield bytes;
      })(),
      100,
    ),
  ).rejects.toThrow();
  writeFileSync(join(dir, 'refs', 'a'), '');
  await expect(blobs.putRef('a/b', 'x', 'absent')).rejects.toThrow();
  expect(incoming()).toEqual([]);
});

it('opening it removes what a process left behind that died long ago, and nothing that is being written', () => {
  const old = join(dir, 'incoming', 'old');
  const fresh = join(dir, 'incoming', 'fresh');
  for (const file of [old, fresh]) writeFileSync(file, 'half');
  utimesSync(old, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600);
  createFileBlobs({ folder: dir });
  expect(readdirSync(join(dir, 'incoming'))).toEqual(['fresh']);
});

it('others on the machine can read nothing', async () => {
  const folder = join(dir, 'private');
  const own = createFileBlobs({ folder });
  const hash = await own.put(Buffer.from('secret'));
  await own.putRef('a/b', hash, 'absent');
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  expect(all.filter((e) => e.isFile()).map((e) => e.name)).toEqual(
    expect.arrayContaining([hash.slice(2), 'b', 'refs.lock']),
  );
  for (const entry of all) expect(statSync(join(entry.parentPath, entry.name)).mode & 0o077).toBe(0);
  expect(statSync(folder).mode & 0o077).toBe(0);
  await own.close();
});
