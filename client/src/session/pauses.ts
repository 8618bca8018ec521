const FIRST_MS = 300;
const LONGEST_MS = 10_000;

/** How long a client waits before it tries again. */
export interface Pauses {
  /** In ms; longer with every call since `reset`. */
  next(): number;
  /** Something of ours was taken. */
  reset(): void;
}

/** Spread by client, so that those whom one failure met do not all come back at once. */
export function createPauses(client: string): Pauses {
  let sum = 0;
  for (const letter of client) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  const spread = 0.75 + 0.5 * (sum / 997);
  let failures = 0;
  return {
    next() {
      const ms = Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** failures) * spread);
      failures += 1;
      return ms;
    },
    reset() {
      failures = 0;
    },
  };
}
