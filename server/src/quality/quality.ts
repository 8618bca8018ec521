import { readQuality } from '@concord/core/agreement/project-quality';
import type { AnnotatorFigures, ProjectQuality } from '@concord/core/protocol/resources';
import type { ProjectId } from '@concord/core/records/ids';
import type { Platform } from '../platform.ts';
import type { Projects } from '../projects/index.ts';
import { readAnnotators } from './annotators.ts';

/** A project's figures as they are now, read from counters: the cost does not grow with the number of tasks. */
export interface Quality {
  /** @throws not_found */
  project(projectId: string): Promise<ProjectQuality>;
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
    async annotators(projectId) {
      const { record } = await projects.get(projectId);
      return readAnnotators(store, record.id);
    },
  };

  /** `<project>/q/…` and `<project>/final/…`, with the keys that `readQuality` knows. */
  async function qualityCounters(projectId: ProjectId): Promise<Map<string, number>> {
    const prefix = `${projectId}/q/`;
    const [votes, settled] = await Promise.all([
      store.countersWith(prefix),
      store.countersWith(`${projectId}/final/`),
    ]);
    const counters = new Map<string, number>();
    for (const [key, amount] of votes) counters.set(key.slice(prefix.length), amount);
    for (const [key, amount] of settled) counters.set(key.slice(projectId.length + 1), amount);
    return counters;
  }
}
