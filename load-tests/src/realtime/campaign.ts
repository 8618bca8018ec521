import { type Summary, summarize } from './figures.ts';
import type { Measured } from './sessions.ts';
import type { Subject } from './subjects.ts';
import type { Cells } from './targets.ts';

/** What is measured of each subject in one go. */
export interface Session {
  readonly id: string;
  run(subject: Subject): Promise<Measured[]>;
}

type Run = Measured & { readonly subject: string; readonly dropped: boolean };

export interface Campaign {
  readonly cells: Cells;
  /** Every single measurement, in order. */
  readonly runs: readonly Run[];
  /** Subjects and workloads of which every measurement was disturbed, so that these are shown. */
  readonly disturbed: readonly string[];
  readonly failures: readonly string[];
}

/** Cores that others may have had during a measurement before it is dropped. */
const MOST_OTHERS_CORES = 0.2;
/** How many times the best sync seen one may take before or after a durable measurement, before it is dropped. */
const MOST_SYNC_TIMES = 3;

export interface CampaignOptions {
  readonly repetitions: number;
  readonly passes: number;
  /** Milliseconds that the disk takes for a sync now. */
  disk(): Promise<number>;
}

/**
 * Measures every subject in every session `repetitions` times, the subjects in turn, each time another first. What was disturbed
 * is repeated, in at most `passes` passes altogether.
 */
export async function runCampaign(
  subjects: readonly Subject[],
  sessions: readonly Session[],
  { repetitions, passes, disk }: CampaignOptions,
  say: (line: string) => void,
): Promise<Campaign> {
  const runs: Run[] = [];
  const failures: string[] = [];
  const good = new Map<string, number>();
  let bestSyncMs = Number.POSITIVE_INFINITY;

  /** Whether the disk was free before and after. */
  async function onFreeDisk<T>(
    durable: boolean,
    work: () => Promise<T>,
  ): Promise<{ result: T; free: boolean }> {
    if (!durable) return { result: await work(), free: true };
    const before = await disk();
    const result = await work();
    const after = await disk();
    bestSyncMs = Math.min(bestSyncMs, before, after);
    return { result, free: Math.max(before, after) <= MOST_SYNC_TIMES * bestSyncMs };
  }

  for (let pass = 0; pass < passes; pass++) {
    for (const session of sessions) {
      for (let i = 0; i < subjects.length; i++) {
        const subject = subjects[(i + pass) % subjects.length]!;
        const key = `${session.id}/${subject.id}`;
        if ((good.get(key) ?? 0) >= repetitions) continue;
        try {
          const { result, free } = await onFreeDisk(subject.durable, () => session.run(subject));
          const marked = result.map((one) => ({
            ...one,
            subject: subject.id,
            dropped: !free || one.othersCores > MOST_OTHERS_CORES,
          }));
          runs.push(...marked);
          const lost = marked.filter((one) => one.dropped).length;
          if (lost === 0) good.set(key, (good.get(key) ?? 0) + 1);
          say(`pass ${pass + 1}: ${key}${lost === 0 ? '' : `: ${lost} of ${marked.length} disturbed`}`);
        } catch (error) {
          failures.push(`${key}: ${(error as Error).message}`);
          say(`pass ${pass + 1}: ${failures.at(-1)}`);
        }
      }
    }
  }
  return { ...cellsOf(runs), runs, failures };
}

/** Medians over what was not disturbed; over all where nothing else is there. */
function cellsOf(runs: readonly Run[]): Pick<Campaign, 'cells' | 'disturbed'> {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = `${run.subject}\n${run.workload}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const cells: Record<string, Record<string, Record<string, Summary>>> = {};
  const disturbed: string[] = [];
  for (const group of groups.values()) {
    const { subject, workload } = group[0]!;
    const undisturbed = group.filter((run) => !run.dropped);
    if (undisturbed.length === 0) disturbed.push(`${subject}, ${workload}`);
    const used = undisturbed.length === 0 ? group : undisturbed;
    const names = Object.keys(used[0]!.figures);
    cells[subject] ??= {};
    cells[subject][workload] = Object.fromEntries(
      names.map((name) => [name, summarize(used.map((run) => run.figures[name]!))]),
    );
  }
  return { cells, disturbed };
}
