import { mkdtempSync, rmSync } from 'node:fs';
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
