import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds on a processor of all threads that a process has now, to the scheduler's own resolution (Linux). */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // The thread ended meanwhile.
    }
  }
  return nanoseconds / 1e9;
}

export function rssKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN);
}

const TICKS_PER_SECOND = 100;

/** Seconds that all cores of the machine were busy, and seconds that a host gave to other machines. */
export function machineSeconds(): { readonly busy: number; readonly stolen: number } {
  const [user, nice, system, , , irq, softirq, stolen] = readFileSync('/proc/stat', 'utf8')
    .slice('cpu '.length, 200)
    .trim()
    .split(/\s+/)
    .map(Number) as [number, number, number, number, number, number, number, number];
  return {
    busy: (user + nice + system + irq + softirq) / TICKS_PER_SECOND,
    stolen: stolen / TICKS_PER_SECOND,
  };
}

const QUIET_CORES = 0.15;
const LOOK_MS = 700;

/** Waits until the machine has been idle for a moment, or `limitMs` has passed. */
export async function waitForQuiet(limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const from = machineSeconds();
    const fromMs = performance.now();
    await sleep(LOOK_MS);
    const { busy, stolen } = machineSeconds();
    const seconds = (performance.now() - fromMs) / 1000;
    if ((busy - from.busy + stolen - from.stolen) / seconds < QUIET_CORES) return;
  }
}
