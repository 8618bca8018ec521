/** Time as the session needs it; tests give their own. Milliseconds. */
export interface SessionClock {
  now(): number;
  /** Runs once after `ms`; the returned function calls it off. */
  after(ms: number, run: () => void): () => void;
}
