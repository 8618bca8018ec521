import { type ConcordEvent, makeEvent } from '@concord/core/events/event';
import type { Commit } from '@concord/core/versioning/commit';
import type { Repository } from '@concord/core/versioning/repository';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus } from '@concord/platform/ports/bus';

/** Beside the branch: the last commit that was announced. Not under `datasets/`, so that it is no branch. */
const announcedRef = (project: string, branch: string) => `announced/${project}/${branch}`;

/** Announced at a time, so that a long backlog does not fill memory. */
const CHUNK = 500;

function committed(branch: string, id: string, commit: Commit): ConcordEvent {
  return makeEvent(
    'concord.version.committed.v1',
    id,
    {
      projectId: commit.project,
      branch,
      commit: id,
      parents: commit.parents,
      ...commit.stats,
      at: commit.at,
    },
    commit.at,
  );
}

/**
 * Publishes every commit of a branch that was not announced yet, oldest first, and remembers how far it came [VC16].
 * Safe to call at any time and again: an event announced twice has the same id.
 */
export async function announce(
  on: { readonly blobs: Blobs; readonly bus: Bus; readonly repository: Repository },
  project: string,
  branch: string,
): Promise<number> {
  const head = await on.repository.head(project, branch);
  const name = announcedRef(project, branch);
  const mark = await on.blobs.getRef(name);
  if (head === null || mark?.value === head.commit) return 0;
  const events: ConcordEvent[] = [];
  for await (const { id, commit } of on.repository.log(project, head.commit)) {
    if (id === mark?.value) break;
    events.push(committed(branch, id, commit));
  }
  events.reverse();
  for (let at = 0; at < events.length; at += CHUNK) await on.bus.publish(events.slice(at, at + CHUNK));
  await on.blobs.putRef(name, head.commit, mark?.version ?? 'absent');
  return events.length;
}
