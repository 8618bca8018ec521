import type { LiveUpdate } from '@concord/core/protocol/live';
import type { ProjectId } from '@concord/core/records/ids';
import type { Fanout } from '@concord/platform/ports/fanout';

/** News for the /live namespace: parts publish, the socket gateway of every node passes on to who may see it. */
export interface Live {
  publish(update: LiveUpdate): void;
  /** To the pages of this node alone: what every node finds out by itself. */
  publishHere(update: LiveUpdate): void;
  /** A project's counters moved; its summary goes out at most every few hundred ms (projects/ does that). */
  projectChanged(projectId: ProjectId): void;
  onUpdate(listener: (update: LiveUpdate) => void): () => void;
  onProjectChanged(listener: (projectId: ProjectId) => void): () => void;
  /** News of other nodes may have been lost. */
  onMissed(listener: () => void): () => void;
  close(): void;
}

const channel = 'live';

export function createLive(fanout: Fanout): Live {
  const updates = new Set<(update: LiveUpdate) => void>();
  const changes = new Set<(projectId: ProjectId) => void>();
  const missed = new Set<() => void>();
  const listen =
    <T>(set: Set<T>) =>
    (listener: T) => {
      set.add(listener);
      return () => {
        set.delete(listener);
      };
    };

  function publishHere(update: LiveUpdate): void {
    for (const listener of updates) listener(update);
  }
  const unsubscribe = fanout.subscribe(
    channel,
    (message) => publishHere(JSON.parse(message) as LiveUpdate),
    () => {
      for (const listener of missed) listener();
    },
  );

  return {
    publish(update) {
      publishHere(update);
      fanout.publish(channel, JSON.stringify(update));
    },
    publishHere,
    projectChanged: (projectId) => {
      for (const listener of changes) listener(projectId);
    },
    onUpdate: listen(updates),
    onProjectChanged: listen(changes),
    onMissed: listen(missed),
    close: unsubscribe,
  };
}
