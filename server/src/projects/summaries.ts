import type { ProjectSummary, Throughput } from '@concord/core/protocol/resources';
import type { ProjectId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Clock } from '@concord/platform/ports/clock';
import type { Store } from '@concord/platform/ports/store';

const hourMs = 3_600_000;
const parts = ['tasks', 'open', 'disputed', 'finalized', 'submissions'] as const;

/**
 * Summaries of these projects with one query for all their counters: a list costs by the projects on the page,
 * never by their tasks.
 */
export async function summarise(store: Store, projects: readonly Project[]): Promise<ProjectSummary[]> {
  const keys = projects.flatMap((p) => parts.map((part) => `${p.id}/${part}`));
  const values = keys.length === 0 ? new Map<string, number>() : await store.counters(keys);
  return projects.map((project) => {
    const count = (part: (typeof parts)[number]) => values.get(`${project.id}/${part}`) ?? 0;
    return {
      project,
      tasks: count('tasks'),
      open: count('open'),
      disputed: count('disputed'),
      finalized: count('finalized'),
      submissions: count('submissions'),
    };
  });
}

/** The last `hours` hours, the present one included, oldest first. */
export async function readThroughput(
  store: Store,
  clock: Clock,
  projectId: ProjectId,
  hours: number,
): Promise<Throughput> {
  const now = Math.floor(clock.now() / hourMs);
  const wanted = Array.from({ length: hours }, (_, i) => now - hours + 1 + i);
  const key = (hour: number, what: string) => `${projectId}/hour/${hour}/${what}`;
  const values = await store.counters(wanted.flatMap((h) => [key(h, 'submissions'), key(h, 'finalized')]));
  return {
    hours: wanted.map((hour) => ({
      at: hour * hourMs,
      submissions: values.get(key(hour, 'submissions')) ?? 0,
      finalized: values.get(key(hour, 'finalized')) ?? 0,
    })),
  };
}
