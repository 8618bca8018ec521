const firstMs = 300;
const longestMs = 10_000;

/** How long to wait before the next try: longer with every failure, until one succeeds. */
export interface Pauses {
  next(): number;
  succeeded(): void;
}

/** Every client waits a little otherwise, so that those whom one failure met do not all come back at once. */
export function createPauses(client: string): Pauses {
  let sum = 0;
  for (const letter of client) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  const spread = 0.75 + (0.5 * sum) / 997;
  let failures = 0;
  return {
    next() {
      const ms = Math.min(longestMs, firstMs * 2 ** failures) * spread;
      failures += 1;
      return Math.round(ms);
    },
    succeeded() {
      failures = 0;
    },
  };
}
