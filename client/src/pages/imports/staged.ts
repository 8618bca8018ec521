import type { RouteResponse } from '@concord/core/protocol/routes';
import type { Encoding } from '@concord/core/records/import';
import { call, isApiError, messageOf } from '../../api/index.ts';
import { uniqueNames, zipStore } from '../../lib/zip-store.ts';

export type Preview = RouteResponse<'imports.preview'>;

/** A file that was chosen and not sent yet. */
export interface Staged {
  readonly id: number;
  readonly name: string;
  readonly bytes: Blob;
  /** Null while it is read; then what its beginning looks like, or why it cannot be read. */
  readonly preview: Preview | { readonly failure: string } | null;
  /** Data field -> column, as the person set it; empty where the file has no columns. */
  readonly mapping: Readonly<Record<string, string>>;
  /** What its bytes mean, as the person set it. */
  readonly encoding: Encoding;
}

/** How much of a file the server looks at for a preview. */
const previewBytes = 256 * 1024;
const picture = /\.(png|jpe?g|webp)$/i;
/** What systems leave beside files; a dropped folder brings it along. */
const leftover = /^(\..*|thumbs\.db|desktop\.ini)$/i;
let lastId = 0;

/** Files as they will be sent: several pictures at once travel as one archive, so that they are one import. */
export async function stage(dropped: readonly File[]): Promise<Staged[]> {
  const files = dropped.filter((f) => !leftover.test(f.name));
  const pictures = files.filter((f) => picture.test(f.name));
  const rest = pictures.length > 1 ? files.filter((f) => !pictures.includes(f)) : files;
  const out: { name: string; bytes: Blob }[] = rest.map((f) => ({ name: f.name, bytes: f }));
  if (pictures.length > 1) {
    const names = uniqueNames(pictures.map((f) => f.name));
    const bytes = await zipStore(pictures.map((f, i) => ({ name: names[i]!, bytes: f })));
    out.push({ name: `${pictures.length} pictures.zip`, bytes });
  }
  return out.map(({ name, bytes }) => {
    lastId += 1;
    return { id: lastId, name, bytes, preview: null, mapping: {}, encoding: 'utf-8' };
  });
}

/** What the server makes of the file's beginning. Never throws: a refusal is part of the answer. */
export async function look(project: string, file: Staged): Promise<NonNullable<Staged['preview']>> {
  try {
    return await call('imports.preview', {
      params: { project },
      query: { name: file.name, encoding: file.encoding },
      bytes: file.bytes.slice(0, previewBytes),
    });
  } catch (error) {
    const remedy = isApiError(error) ? error.errors[0]?.remedy : undefined;
    return { failure: remedy === undefined ? messageOf(error) : `${messageOf(error)} ${remedy}` };
  }
}
