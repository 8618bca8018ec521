import type { Asset } from '@concord/core/records/asset';
import type { ProjectId } from '@concord/core/records/ids';
import type { Json } from '@concord/core/records/json';
import type { Platform } from '../platform.ts';
import { idsOf } from '../tasks/index.ts';
import { concordMeta } from './labels.ts';

const PAGE = 500;

export type Found =
  | { readonly asset: Asset }
  /** `name` is what the row calls its picture; null where it names none. */
  | { readonly missing: string | null; readonly several: boolean };

/** The pictures of a project by their names, for rows that speak of them. */
export interface Pictures {
  /** One that this import brings, under its path; its content may be here under another name. */
  add(path: string, hash: string): void;
  /** The picture that a Label Studio task is about. Its tasks must be written before. */
  find(values: Readonly<Record<string, Json>>): Promise<Found>;
}

/** Reads the names that are here when it is first asked for one. */
export function createPictures(platform: Platform, projectId: ProjectId): Pictures {
  const { store } = platform;
  /** Null where two pictures go by one name. */
  const hashes = new Map<string, string | null>();
  let read: Promise<void> | null = null;

  function note(name: string, hash: string): void {
    const known = hashes.get(name);
    hashes.set(name, known === undefined || known === hash ? hash : null);
  }

  async function readNames(): Promise<void> {
    let after: string | undefined;
    do {
      const page = await store.page('assets', { index: 'seq', where: { projectId }, after, limit: PAGE });
      for (const { record } of page.items) if (record.blob) note(record.blob.name, record.blob.hash);
      after = page.next ?? undefined;
      await new Promise((done) => setImmediate(done));
    } while (after !== undefined);
  }

  const assetOf = async (hash: string): Promise<Asset | null> =>
    (await store.get('assets', idsOf(projectId, hash).assetId))?.record ?? null;

  return {
    add(path, hash) {
      note(path, hash);
      note(baseName(path), hash);
    },
    async find(values) {
      const own = concordMeta(values)?.['asset_hash'];
      const asset = typeof own === 'string' ? await assetOf(own) : null;
      if (asset !== null) return { asset };
      read ??= readNames();
      await read;
      const names = namesIn(values['data'] as Readonly<Record<string, Json>>);
      let several = false;
      for (const name of names.flatMap(spellings)) {
        const hash = hashes.get(name);
        if (hash === null) several = true;
        const found = typeof hash === 'string' ? await assetOf(hash) : null;
        if (found !== null) return { asset: found };
      }
      return { missing: names[0] ?? null, several };
    },
  };
}

const baseName = (path: string): string => path.split('/').at(-1) ?? path;

/** What a task's data calls its picture: `image` first, else whatever text ends like one. */
function namesIn(data: Readonly<Record<string, Json>>): string[] {
  const { image, ...rest } = data;
  const texts = Object.values(rest).filter(
    (value): value is string => typeof value === 'string' && /\.(png|jpe?g|webp)$/i.test(value),
  );
  return typeof image === 'string' ? [image, ...texts] : texts;
}

/**
 * The names that may be meant by a path or address, the exact one first: its last part, what follows `?d=` (files that
 * Label Studio serves from a folder), and that without the eight digits Label Studio puts before an upload.
 */
function spellings(address: string): string[] {
  const [path = '', query = ''] = address.split('?');
  const plain = decoded(new URLSearchParams(query).get('d') ?? path);
  const base = baseName(plain);
  return [plain, base, base.replace(/^[0-9a-f]{8}-/i, '')];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
