import type { LiveUpdate } from '@concord/core/protocol/live';
import type { ProjectId } from '@concord/core/records/ids';

/** In-process news for the /live namespace: parts publish, the socket gateway passes on to who may see it. */
export interface Live {
  publish(update: LiveUpdate): void;
  /** A project's counters moved; its summary goes out at most every few hundred ms (projects/ does that). */
  projectChanged(projectId: ProjectId): void;
  onUpdate(listener: (update: LiveUpdate) => void): () => void;
  onProjectChanged(listener: (projectId: ProjectId) => void): () => void;
}

export function createLive(): Live {
  const updates = new Set<(update: LiveUpdate) => void>();
  const changes = new Set<(projectId: ProjectId) => void>();
  const listen =
    <T>(set: Set<(value: T) => void>) =>
    (listener: (value: T) => void) => {
      set.add(listener);
      return () => {
        set.delete(listener);
      };
    };
  return {
    publish: (update) => {
      for (const listener of updates) listener(update);
    },
    projectChanged: (projectId) => {
      for (const listener of changes) listener(projectId);
    },
    onUpdate: listen(updates),
    onProjectChanged: listen(changes),
  };
}
