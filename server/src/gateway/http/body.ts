import { ConcordError } from '@concord/core/errors/concord-error';
import type { Exchange } from '../engine/index.ts';

/** The most a JSON body may have; files go to `rawBody` routes, which stream. */
export const jsonBodyLimit = 5 * 1024 * 1024;

const tooLarge = () =>
  new ConcordError(
    'input.too_large',
    `The body is larger than ${jsonBodyLimit / 1024 / 1024} MB. Send less at once, or import it as a file.`,
  );

/** The announced length in bytes, or null when it is not known. */
export function contentLength(exchange: Exchange): number | null {
  const header = exchange.header('content-length');
  return header === null ? null : Number(header);
}

/**
 * Reads a JSON body. Undefined when there is none. Throws `input.too_large` past the limit (before reading on),
 * `input.invalid` when it is not JSON.
 */
export async function readJson(exchange: Exchange): Promise<unknown> {
  if ((contentLength(exchange) ?? 0) > jsonBodyLimit) throw tooLarge();
  const type = exchange.header('content-type');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of exchange.body) {
    bytes += chunk.length;
    if (bytes > jsonBodyLimit) throw tooLarge();
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  if (type !== null && !/^application\/(?:[\w.+-]*\+)?json\b/i.test(type))
    throw invalid(`The body is ${type}`, 'Send JSON with Content-Type: application/json.', type);
  const text = Buffer.concat(chunks).toString('utf8');
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
