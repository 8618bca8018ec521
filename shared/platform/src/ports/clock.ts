/** Time and timers, passed in, so that tests and the simulation own them. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Calls `run` once after `ms`. Returns how to cancel. */
  after(ms: number, run: () => void): () => void;
}
/** Unguessable or seeded randomness. */
export interface Randomness {
  /** `bytes` random bytes as base64url. */
  token(bytes: number): string;
  /** Uniform in [0, 1). */
  number(): number;
}
