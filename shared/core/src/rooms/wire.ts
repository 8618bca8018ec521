import type { LogEntry, WireEntry } from './op.ts';

const texts = new WeakMap<LogEntry, string>();

/** An entry without the room's `seq`, as it travels and as logs keep it. Encoded once, however often it is asked for. */
export function wireJson(entry: LogEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const { seq: _seq, ...wire } = entry;
  const text = JSON.stringify(wire satisfies WireEntry);
  texts.set(entry, text);
  return text;
}
