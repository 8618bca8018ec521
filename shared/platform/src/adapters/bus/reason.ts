const MOST = 300;

/** Why an event could not be read, short enough to be kept and listed. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text;
}
