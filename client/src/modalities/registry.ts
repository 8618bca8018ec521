import type { Surface } from './surface.ts';

/** Every folder's surface, each a chunk of its own, found by folder name. */
const found = import.meta.glob<{ surface: Surface }>('./*/index.tsx');
const loaded = new Map<string, Promise<Surface>>();

/** The surface of a modality. Rejects when this page has none for it (a server newer than the page). */
export function surfaceOf(modality: string): Promise<Surface> {
  const known = loaded.get(modality);
  if (known !== undefined) return known;
  const load = found[`./${modality}/index.tsx`];
  if (load === undefined)
    return Promise.reject(new Error(`This page cannot show ${modality}. Reload to get a newer one.`));
  const made = load().then((module) => module.surface);
  loaded.set(modality, made);
  made.catch(() => loaded.delete(modality));
  return made;
}
