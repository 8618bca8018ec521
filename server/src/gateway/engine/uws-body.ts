import type { Clock } from '@concord/platform/ports/clock';
import { bodyTimeoutMs } from './engine.ts';
import type { UwsResponse } from './uws.ts';

/** So much may wait to be taken before the sender is held, in bytes. */
const mostHeldBytes = 512 * 1024;
/** uws cuts a connection that moves less than 16 kB/s for ten seconds; so often it is told that this is fine. */
const pokeMs = 4_000;

/** The body of a call on uWebSockets.js: pushed to us, pulled by the handler, its sender held in between. */
export class UwsBody implements AsyncIterable<Uint8Array> {
  readonly #response: UwsResponse;
  readonly #pieces: Uint8Array[] = [];
  #heldBytes = 0;
  #paused = false;
  /** `dropped`: nobody wants the rest. */
  #state: 'coming' | 'whole' | 'dropped' | 'aborted' = 'coming';
  #wake: () => void = () => {};
  #stopPoking: (() => void) | null = null;

  /** To be made before the handler returns: what comes earlier is lost. */
  constructor(response: UwsResponse, clock: Clock) {
    this.#response = response;
    response.onData((piece, isLast) => {
      if (this.#state !== 'coming') return;
      this.#take(piece);
      if (!isLast) {
        this.#stopPoking ??= this.#poke(clock);
        return;
      }
      // Its end may come in what was read before it was held; the next call must not stay outside.
      this.#letGo();
      this.#finish('whole');
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    try {
      for (;;) {
        const piece = this.#pieces.shift();
        if (piece !== undefined) {
          this.#heldBytes -= piece.length;
          if (this.#heldBytes === 0 && this.#state === 'coming') this.#letGo();
          yield piece;
        } else if (this.#state === 'whole') return;
        else if (this.#state !== 'coming') throw new Error('the caller went away before the end of the body');
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.drop();
    }
  }

  /** What still comes is thrown away, so that the next call on the connection is found. Before the response is over. */
  drop(): void {
    if (this.#state !== 'coming') return;
    this.#letGo();
    this.#finish('dropped');
  }

  /** The caller went away. */
  abort(): void {
    if (this.#state === 'coming') this.#finish('aborted');
  }

  #take(piece: ArrayBuffer): void {
    if (piece.byteLength === 0) return;
    // The memory is uws' own and gone when we return.
    this.#pieces.push(Buffer.from(piece.slice(0)));
    this.#heldBytes += piece.byteLength;
    if (this.#heldBytes >= mostHeldBytes && !this.#paused) {
      this.#paused = true;
      this.#response.pause();
    }
    this.#wake();
  }

  #letGo(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#response.resume();
  }

  #finish(state: 'whole' | 'dropped' | 'aborted'): void {
    this.#state = state;
    this.#stopPoking?.();
    this.#wake();
  }

  #poke(clock: Clock): () => void {
    const until = clock.now() + bodyTimeoutMs;
    return every(clock, () => {
      if (clock.now() > until) this.#response.close();
      else if (!this.#paused) keepAlive(this.#response);
    });
  }
}

/** Keeps uws from cutting a connection that stands still, until the answer is called. */
export function keepAliveWhile(response: UwsResponse, clock: Clock): () => void {
  return every(clock, () => keepAlive(response));
}

/** Starts uws' ten seconds anew: holding and letting go does that on the side. */
function keepAlive(response: UwsResponse): void {
  response.pause();
  response.resume();
}

function every(clock: Clock, run: () => void): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(pokeMs, () => {
      next();
      run();
    });
  };
  next();
  return () => cancel();
}
