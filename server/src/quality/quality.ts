import { createPairRanking } from '@concord/core/agreement/pair-ranking';
import { readQuality } from '@concord/core/agreement/project-quality';
import type { AnnotatorFigures, PairAgreements, ProjectQuality } from '@concord/core/protocol/resources';
import type { ProjectId } from '@concord/core/records/ids';
import type { Platform } from '../platform.ts';
import type { Projects } from '../projects/index.ts';
import { readAnnotators } from './annotators.ts';

/** How many counters are read between two turns of everybody else. */
const PAGE = 500;

/** A project's figures as they are now, read from counters: the cost does not grow with the number of tasks. */
export interface Quality {
  /** Costs by the classes and the overlap alone. @throws not_found */
  project(projectId: string): Promise<ProjectQuality>;
  /** The `most` pairs of people that agree least. Costs by the pairs that met, in small pieces. @throws not_found */
  pairs(projectId: string, most: number): Promise<PairAgreements>;
  /** Everybody who submitted in the project, the busiest first. @throws not_found */
  annotators(projectId: string): Promise<AnnotatorFigures[]>;
}

export function createQuality(platform: Platform, projects: Pick<Projects, 'get'>): Quality {
  const { store } = platform;
  return {
    async project(projectId) {
      const { record } = await projects.get(projectId);
      const counters = await qualityCounters(record.id);
      return readQuality(
        counters,
        record.schema.classes.map((c) => c.name),
      );
    },
    async pairs(projectId, most) {
      const { record } = await projects.get(projectId);
      const prefix = `${record.id}/q/pair/`;
      const ranking = createPairRanking(most);
      for (let after: string | null = null, more = true; more; ) {
        const page = await store.counterPage(prefix, after, PAGE);
        for (const [key, amount] of page) ranking.add(key.slice(prefix.length), amount);
        after = page.at(-1)?.[0] ?? null;
        more = page.length === PAGE;
        await new Promise((done) => setImmediate(done));
      }
      return ranking.read();
    },
    async annotators(projectId) {
      const { record } = await projects.get(projectId);
      return readAnnotators(store, record.id);
    },
  };

  /** The parts of `<project>/q/…` that are small, and `<project>/final/…`, with the keys that `readQuality` knows. */
  async function qualityCounters(projectId: ProjectId): Promise<Map<string, number>> {
    const prefix = `${projectId}/q/`;
    const [sums, settled, ...parts] = await Promise.all([
      store.counters([`${prefix}items`, `${prefix}agreement`]),
      store.countersWith(`${projectId}/final/`),
      ...['hist/', 'votes/', 'm/'].map((part) => store.countersWith(prefix + part)),
    ]);
    const counters = new Map<string, number>();
    for (const part of [sums, ...parts])
      for (const [key, amount] of part) counters.set(key.slice(prefix.length), amount);
    for (const [key, amount] of settled) counters.set(key.slice(projectId.length + 1), amount);
    return counters;
  }
}
