import type { IncomingMessage } from 'node:http';
import { ConcordError } from '@concord/core/errors/concord-error';

/** The most a JSON body may have; files go to `rawBody` routes, which stream. */
export const jsonBodyLimit = 5 * 1024 * 1024;

const tooLarge = () =>
  new ConcordError(
    'input.too_large',
    `The body is larger than ${jsonBodyLimit / 1024 / 1024} MB. Send less at once, or import it as a file.`,
  );

/** The announced length in bytes, or null when it is not known. */
export function contentLength(incoming: IncomingMessage): number | null {
  const header = incoming.headers['content-length'];
  return header === undefined ? null : Number(header);
}

/**
 * Reads a JSON body. Undefined when there is none. Throws `input.too_large` past the limit (before reading on),
 * `input.invalid` when it is not JSON.
 */
export async function readJson(incoming: IncomingMessage): Promise<unknown> {
  if ((contentLength(incoming) ?? 0) > jsonBodyLimit) throw tooLarge();
  const type = incoming.headers['content-type'];
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > jsonBodyLimit) throw tooLarge();
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  if (type !== undefined && !/^application\/(?:[\w.+-]*\+)?json\b/i.test(type))
    throw invalid(`The body is ${type}`, 'Send JSON with Content-Type: application/json.', type);
  const first = chunks[0];
  const text = (chunks.length === 1 && first ? first : Buffer.concat(chunks)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(
      `The body is not JSON: ${error instanceof Error ? error.message : 'not readable'}`,
      'Send one JSON value in UTF-8.',
    );
  }
}

function invalid(message: string, remedy: string, value?: string): ConcordError {
  const field = { path: '(body)', message, remedy, ...(value === undefined ? {} : { value }) };
  return new ConcordError('input.invalid', message, [field]);
}

/** The body's bytes as they come. Leaving off early leaves the connection alive, so that an error can be answered. */
export function bodyBytes(incoming: IncomingMessage): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () =>
      incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, undefined>,
  };
}
