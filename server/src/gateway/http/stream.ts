import type { Exchange, Headers } from '../engine/index.ts';

/**
 * Sends an answer piece by piece, no faster than the caller takes it. Ends the source when the caller goes away.
 * A source that throws cuts the connection, so that nobody takes half an answer for a whole one; the error goes to
 * the caller of this function.
 */
export async function sendStream(
  exchange: Exchange,
  status: number,
  headers: Headers,
  source: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const outflow = exchange.stream(status, headers);
  try {
    for await (const piece of source) if (!(await outflow.write(piece))) return;
    outflow.end();
  } catch (error) {
    if (exchange.signal.aborted) return;
    outflow.cut();
    throw error;
  }
}
