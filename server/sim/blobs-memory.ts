import { createHash } from 'node:crypto';
import { ConcordError } from '@concord/core/errors/concord-error';
import type { Blobs } from '@concord/platform/ports/blobs';

/** Blobs whose every answer comes in the same turn, since a real disk answers in an order that no seed decides. */
export function createMemoryBlobs(): Blobs {
  const objects = new Map<string, Uint8Array>();
  const refs = new Map<string, { value: string; version: string }>();
  let versions = 0;
  const keep = (bytes: Uint8Array) => {
    const hash = createHash('sha256').update(bytes).digest('hex');
    objects.set(hash, bytes.slice());
    return hash;
  };
  return {
    put: async (bytes) => keep(bytes),
    async putStream(chunks) {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      const whole = Buffer.concat(parts);
      return { hash: keep(whole), bytes: whole.length };
    },
    async get(hash, range) {
      const found = objects.get(hash);
      if (found === undefined) return null;
      return range === undefined ? found : found.subarray(range.start, range.end + 1);
    },
    async stream(hash) {
      const found = objects.get(hash);
      if (found === undefined) return null;
      return (async function* () {
        yield found;
      })();
    },
    async remove(hash) {
      objects.delete(hash);
    },
    size: async (hash) => objects.get(hash)?.length ?? null,
    getRef: async (name) => refs.get(name) ?? null,
    async putRef(name, value, expect) {
      if ((refs.get(name)?.version ?? 'absent') !== expect)
        throw new ConcordError('conflict', `${name} was moved meanwhile.`);
      versions += 1;
      refs.set(name, { value, version: `v${versions}` });
    },
    listRefs: async (prefix) => [...refs.keys()].filter((name) => name.startsWith(prefix)).sort(),
    close: async () => {},
  };
}
