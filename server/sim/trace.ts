import { createHash } from 'node:crypto';
import type { Clock } from '@concord/platform/ports/clock';

/** What happened, line by line; two runs of one seed must tell the same. */
export interface Trace {
  say(line: string): void;
  /** Counts a fault that was done, so that a run can show that its faults were real. */
  fault(name: string): void;
  readonly faults: ReadonlyMap<string, number>;
  readonly lines: readonly string[];
  hash(): string;
}

export function createTrace(clock: Clock): Trace {
  const from = clock.now();
  const lines: string[] = [];
  const faults = new Map<string, number>();
  const say = (line: string) => {
    lines.push(`${clock.now() - from} ${line}`);
  };
  return {
    say,
    fault(name) {
      faults.set(name, (faults.get(name) ?? 0) + 1);
      say(`fault: ${name}`);
    },
    faults,
    lines,
    hash: () => createHash('sha256').update(lines.join('\n')).digest('hex'),
  };
}
