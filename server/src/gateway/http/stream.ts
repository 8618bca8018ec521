import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Sends an answer piece by piece, no faster than the caller takes it. Ends the source when the caller goes away.
 * A source that throws after the head has gone out cuts the connection, so that nobody takes half an answer for a
 * whole one; the error goes to the caller of this function.
 */
export async function sendStream(
  outgoing: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  source: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal,
): Promise<void> {
  outgoing.writeHead(status, headers);
  outgoing.flushHeaders();
  try {
    for await (const piece of source) {
      if (signal.aborted || outgoing.destroyed) return;
      if (!outgoing.write(piece)) await once(outgoing, 'drain', { signal });
    }
    outgoing.end();
  } catch (error) {
    if (signal.aborted) return;
    outgoing.destroy();
    throw error;
  }
}
