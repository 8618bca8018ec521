import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConcordError } from '@concord/core/errors/concord-error';
import type { Blobs } from '../../ports/blobs.ts';
import { createFileLock } from './lock.ts';

const PIECE_BYTES = 256 * 1024;
/** Nothing is written for so long without a byte: what is this old was left by a process that died. */
const LEFT_BEHIND_MS = 600_000;
/** Nobody but their owner may read the files. */
const folderMode = { recursive: true, mode: 0o700 } as const;
const HASH = /^[0-9a-f]{64}$/;
const REF = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** Content under `<folder>/<first two hex digits>/<rest>`, references as small files under `<folder>/refs/`. */
export function createFileBlobs(options: { readonly folder: string }): Blobs {
  const { folder } = options;
  const incoming = join(folder, 'incoming');
  mkdirSync(incoming, folderMode);
  mkdirSync(join(folder, 'refs'), folderMode);
  removeLeftBehind(incoming);
  const refLock = createFileLock(join(folder, 'refs.lock'));

  function pathOf(hash: string): string {
    if (!HASH.test(hash)) throw new ConcordError('input.invalid', `${hash} is not a SHA-256 in hex.`);
    return join(folder, hash.slice(0, 2), hash.slice(2));
  }
  function refPath(name: string): string {
    if (!REF.test(name)) throw new ConcordError('input.invalid', `${name} is not a reference name.`);
    return join(folder, 'refs', name);
  }

  /** Writes a file that is not in its place yet, and hands it on; it is gone afterwards, moved or not. */
  async function withTemporary<T>(
    write: (handle: FileHandle) => Promise<void>,
    then: (file: string) => Promise<T>,
  ): Promise<T> {
    const file = join(incoming, randomBytes(12).toString('hex'));
    try {
      await writeSynced(file, write);
      return await then(file);
    } finally {
      await rm(file, { force: true });
    }
  }

  /** Moves a synced file to where it belongs and syncs the folder, so that the name survives a crash too. */
  async function settle(from: string, to: string): Promise<void> {
    await mkdir(dirname(to), folderMode);
    await rename(from, to);
    const dir = await open(dirname(to), 'r');
    try {
      await dir.sync();
    } finally {
      await dir.close();
    }
  }
  const sizeOf = (path: string) =>
    stat(path).then(
      (s) => s.size,
      (error) => absent(error, null),
    );

  async function readRef(name: string): Promise<{ value: string; version: string } | null> {
    const text = await readFile(refPath(name), 'utf8').catch((error) => absent(error, null));
    if (text === null) return null;
    const cut = text.indexOf('\n');
    return { version: text.slice(0, cut), value: text.slice(cut + 1) };
  }

  return {
    async put(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      const path = pathOf(hash);
      if ((await sizeOf(path)) !== null) return hash;
      await withTemporary(
        (handle) => handle.writeFile(bytes),
        (file) => settle(file, path),
      );
      return hash;
    },

    async putStream(chunks, maxBytes) {
      const digest = createHash('sha256');
      let bytes = 0;
      const write = async (handle: FileHandle) => {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          if (bytes > maxBytes)
            throw new ConcordError(
              'input.too_large',
              `The file is larger than ${Math.floor(maxBytes / 1_048_576)} MiB.`,
            );
          digest.update(chunk);
          await handle.writeFile(chunk);
        }
      };
      return withTemporary(write, async (file) => {
        const hash = digest.digest('hex');
        if ((await sizeOf(pathOf(hash))) === null) await settle(file, pathOf(hash));
        return { hash, bytes };
      });
    },

    async get(hash, range) {
      const handle = await open(pathOf(hash), 'r').catch((error) => absent(error, null));
      if (handle === null) return null;
      try {
        if (range === undefined) return await handle.readFile();
        const { size } = await handle.stat();
        const length = Math.max(0, Math.min(range.end, size - 1) - range.start + 1);
        const buffer = Buffer.alloc(length);
        const { bytesRead } = await handle.read(buffer, 0, length, range.start);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },

    async stream(hash) {
      const path = pathOf(hash);
      return (await sizeOf(path)) === null ? null : pieces(path);
    },

    size: (hash) => sizeOf(pathOf(hash)),
    remove: (hash) => rm(pathOf(hash), { force: true }),
    getRef: readRef,

    async putRef(name, value, expect) {
      const path = refPath(name);
      await refLock.run(async () => {
        const current = (await readRef(name))?.version ?? 'absent';
        if (current !== expect) throw new ConcordError('conflict', `Reference ${name} moved meanwhile.`);
        await withTemporary(
          (handle) => handle.writeFile(`${randomBytes(9).toString('base64url')}\n${value}`),
          (file) => settle(file, path),
        );
      });
    },

    async listRefs(prefix) {
      const root = join(folder, 'refs');
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return (
        entries
          // Earlier versions left lock files here when they were killed.
          .filter((e) => e.isFile() && !e.name.endsWith('.lock'))
          .map((e) => join(e.parentPath, e.name).slice(root.length + 1))
          .filter((name) => name.startsWith(prefix))
          .sort()
      );
    },
    close: async () => refLock.close(),
  };
}

async function writeSynced(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await write(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file in pieces. Opened when the first is asked for. */
async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function removeLeftBehind(incoming: string): void {
  for (const name of readdirSync(incoming)) {
    const file = join(incoming, name);
    // Whoever writes it may be done with it meanwhile.
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LEFT_BEHIND_MS) rmSync(file, { force: true });
  }
}

function absent<T>(error: NodeJS.ErrnoException, otherwise: T): T {
  if (error.code === 'ENOENT') return otherwise;
  throw error;
}
