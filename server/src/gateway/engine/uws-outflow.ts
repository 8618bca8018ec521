import type { Clock } from '@concord/platform/ports/clock';
import type { Outflow } from './exchange.ts';
import type { UwsResponse } from './uws.ts';
import { keepAliveWhile } from './uws-body.ts';

/**
 * Written at once, in bytes. uws keeps what the connection does not take, and does not say how much that is. But a
 * connection that can be written to again takes at least this much, so what uws keeps does not grow.
 */
const pieceBytes = 16 * 1024;

interface OutflowParts {
  readonly clock: Clock;
  /** Writes status and headers. */
  readonly head: () => void;
  /** The announced length; null for one that nobody knows yet. */
  readonly total: number | null;
  /** Ends an answer of unknown length. */
  readonly end: () => void;
  /** The response is over: it was answered in full. */
  readonly onOver: () => void;
}

/** An answer on uWebSockets.js that is sent no faster than it is taken. */
export class UwsOutflow implements Outflow {
  readonly #response: UwsResponse;
  readonly #parts: OutflowParts;
  #begun = false;
  /** Nothing is sent any more: all was, or the caller has gone. */
  #over = false;
  #gone = false;
  #wake: () => void = () => {};

  constructor(response: UwsResponse, parts: OutflowParts) {
    this.#response = response;
    this.#parts = parts;
  }

  async write(piece: Uint8Array | string): Promise<boolean> {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    for (let at = 0; at < bytes.length && !this.#over; ) {
      const { taken, full } = this.#put(bytes.subarray(at, at + pieceBytes));
      at += taken;
      if (full && !this.#over) await this.#writable();
    }
    return !this.#gone;
  }

  end(): void {
    if (this.#over) return;
    // Fewer bytes than were announced: what came before must not be taken for the whole.
    if (this.#parts.total !== null && this.#parts.total > 0) {
      this.cut();
      return;
    }
    this.#over = true;
    this.#response.cork(() => {
      this.#begin();
      this.#parts.end();
    });
    this.#parts.onOver();
  }

  cut(): void {
    if (!this.#over) this.#response.close();
  }

  /** The caller went away. */
  abort(): void {
    this.#over = true;
    this.#gone = true;
    this.#wake();
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#parts.head();
  }

  /** How much of a piece was taken, and whether the connection takes no more for now. */
  #put(piece: Uint8Array): { readonly taken: number; readonly full: boolean } {
    const response = this.#response;
    const { total } = this.#parts;
    let result = { taken: piece.length, full: false };
    if (!this.#begun) response.onWritable(() => this.#onWritable());
    response.cork(() => {
      this.#begin();
      if (total === null) {
        result.full = !response.write(piece);
        return;
      }
      const before = response.getWriteOffset();
      const [ok, done] = response.tryEnd(piece, total);
      if (done) this.#over = true;
      else if (!ok) result = { taken: response.getWriteOffset() - before, full: true };
    });
    if (this.#over) this.#parts.onOver();
    return result;
  }

  #onWritable(): boolean {
    // uws sends on what it kept only where nobody listens for this, or with the next write, which for events may be
    // hours away. An empty cork makes it do so now.
    if (!this.#over) this.#response.cork(() => {});
    this.#wake();
    return true;
  }

  async #writable(): Promise<void> {
    const stop = keepAliveWhile(this.#response, this.#parts.clock);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    stop();
  }
}
