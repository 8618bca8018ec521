export type Headers = Readonly<Record<string, string>>;

/**
 * One HTTP call as the gateway sees it, whichever engine took it. Once the caller has gone, what is sent goes nowhere
 * and nothing throws but the body, which would be taken for whole otherwise.
 */
export interface Exchange {
  /** In capitals. */
  readonly method: string;
  /** Path and query as they came, with a slash in front. */
  readonly target: string;
  /** The address of who is connected, which may be a proxy's. */
  readonly peer: string;
  /** A header of the call, by its name in small letters; repeated ones are joined. */
  header(name: string): string | null;
  /**
   * The body as it comes, no faster than it is taken; to be read once. Leaving off early leaves the connection alive, so
   * that an error can be answered. Throws when the caller goes away before its end.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborted when the caller goes away before the answer is complete. */
  readonly signal: AbortSignal;
  /** Whether an answer has begun. */
  readonly answered: boolean;
  /** Answers whole. A body of null has no length, unless `headers` say one. To HEAD only the head goes out. */
  answer(status: number, headers: Headers, body: string | Uint8Array | null): void;
  /** Answers piece by piece. The head goes out with the first piece. A `content-length` among `headers` is kept to. */
  stream(status: number, headers: Headers): Outflow;
}

/** A body that is being sent. */
export interface Outflow {
  /** Resolves when the connection takes more; false when the caller has gone. */
  write(piece: Uint8Array | string): Promise<boolean>;
  end(): void;
  /** Cuts the connection, so that nobody takes half an answer for a whole one. */
  cut(): void;
}

/** Answers one call; never rejects. */
export type Handle = (exchange: Exchange) => Promise<void>;

/** Path and query of a request's target, which programs may send with scheme and host in front. */
export function targetOf(raw: string): string {
  if (raw.startsWith('/')) return raw;
  if (!URL.canParse(raw)) return `/${raw}`;
  const { pathname, search } = new URL(raw);
  return pathname + search;
}
