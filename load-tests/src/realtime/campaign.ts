import { type Summary, summarize } from './figures.ts';
import type { Measured } from './meter.ts';
import type { Subject } from './subjects.ts';
import type { Cells } from './targets.ts';

/** What is measured of a subject in one go: some of the workloads that it has there. */
export interface Session {
  readonly id: string;
  workloads(subject: Subject): readonly string[];
  run(subject: Subject, workloads: readonly string[]): Promise<Measured[]>;
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
  /** Undisturbed measurements wanted of each subject and workload … */
  readonly repetitions: number;
  /** … in at most so many passes over all. */
  readonly passes: number;
  /** Milliseconds that the disk takes for a sync now. */
  disk(): Promise<number>;
  /** Waits, within limits, until nobody else uses the machine. */
  quiet(): Promise<void>;
}

/** Measures all in turn, in each pass another subject first; what was disturbed is measured again in a later pass. */
export async function runCampaign(
  subjects: readonly Subject[],
  sessions: readonly Session[],
  { repetitions, passes, disk, quiet }: CampaignOptions,
  say: (line: string) => void,
): Promise<Campaign> {
  const runs: Run[] = [];
  const failures: string[] = [];
  let bestSyncMs = Number.POSITIVE_INFINITY;
  const good = (subject: Subject, workload: string) =>
    runs.filter((run) => run.subject === subject.id && run.workload === workload && !run.dropped).length;

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

  async function measure(subject: Subject, session: Session, workloads: readonly string[]): Promise<string> {
    await quiet();
    const { result, free } = await onFreeDisk(subject.durable, () => session.run(subject, workloads));
    const marked = result.map((one) => ({
      ...one,
      subject: subject.id,
      dropped: !free || one.othersCores > MOST_OTHERS_CORES,
    }));
    runs.push(...marked);
    const lost = marked.filter((one) => one.dropped).length;
    return lost === 0 ? 'done' : `${lost} of ${marked.length} disturbed`;
  }

  for (let pass = 0; pass < passes; pass++)
    for (const session of sessions)
      for (let i = 0; i < subjects.length; i++) {
        const subject = subjects[(i + pass) % subjects.length]!;
        const missing = session
          .workloads(subject)
          .filter((workload) => good(subject, workload) < repetitions);
        if (missing.length === 0) continue;
        const what = `${session.id}/${subject.id}`;
        try {
          say(`pass ${pass + 1}: ${what}: ${await measure(subject, session, missing)}`);
        } catch (error) {
          failures.push(`${what}: ${(error as Error).message}`);
          say(`pass ${pass + 1}: ${failures.at(-1)}`);
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
