import { ConcordError } from '@concord/core/errors/concord-error';
import { Answer, type Handlers } from '../../gateway/http/handler.ts';
import type { Platform } from '../../platform.ts';
import { type Projects, readProject } from '../../projects/index.ts';

/** What a browser may show in place; everything else is a download. */
const shown: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp']);

/** `bytes=a-b`, `bytes=a-`, `bytes=-n`; null for anything else, which is answered whole. */
function parseRange(header: string | null, size: number): { start: number; end: number } | 'bad' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return null;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  return start > end ? 'bad' : { start, end };
}

export function contentHandlers(platform: Platform, projects: Projects): Pick<Handlers, 'assets.content'> {
  const { store, blobs } = platform;
  return {
    'assets.content': async ({ user, params, range }) => {
      const stored = await store.get('assets', params.asset);
      const blob = stored?.record.blob;
      if (stored === null || blob === undefined)
        throw new ConcordError('not_found', `There is no file of ${params.asset}.`);
      await readProject(projects, stored.record.projectId, user, `file of ${params.asset}`);
      const mime = shown.has(blob.mime) ? blob.mime : 'application/octet-stream';
      const headers = {
        'content-type': mime,
        'content-disposition': `${shown.has(blob.mime) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(blob.name)}`,
        // Content never changes under its id; only people who may see it keep it.
        'cache-control': 'private, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        'accept-ranges': 'bytes',
        etag: `"${blob.hash}"`,
      };
      const part = parseRange(range, blob.bytes);
      if (part === 'bad')
        return new Answer({ status: 416, body: {}, headers: { 'content-range': `bytes */${blob.bytes}` } });
      if (part !== null) {
        const bytes = await blobs.get(blob.hash, part);
        if (bytes === null) throw new ConcordError('internal', `The file of ${params.asset} is missing.`);
        return new Answer({
          status: 206,
          stream: once(bytes),
          headers: {
            ...headers,
            'content-range': `bytes ${part.start}-${part.end}/${blob.bytes}`,
            'content-length': String(bytes.length),
          },
        });
      }
      const stream = await blobs.stream(blob.hash);
      if (stream === null) throw new ConcordError('internal', `The file of ${params.asset} is missing.`);
      return new Answer({ stream, headers: { ...headers, 'content-length': String(blob.bytes) } });
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
