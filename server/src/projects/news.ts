import type { ProjectId } from '@concord/core/records/ids';
import type { Platform } from '../platform.ts';
import type { Projects } from './projects.ts';

/** How long changes of one project are gathered before its summary goes out, in ms. */
const gatherMs = 250;

/** Between nodes: counters of this project moved. */
const channel = 'counters';

/**
 * Sends a project's summary to the live lists of every node when its counters move: at once gathered, at most four times
 * a second per project, however fast people work. Returns how to stop.
 */
export function startProjectNews(platform: Platform, projects: Projects): () => void {
  const { clock, fanout, live, logger } = platform;
  const waiting = new Map<ProjectId, { readonly cancel: () => void; tell: boolean }>();

  function gather(projectId: ProjectId, tell: boolean): void {
    const known = waiting.get(projectId);
    if (known !== undefined) known.tell ||= tell;
    else waiting.set(projectId, { tell, cancel: clock.after(gatherMs, () => void send(projectId)) });
  }

  async function send(projectId: ProjectId): Promise<void> {
    if (waiting.get(projectId)?.tell === true) fanout.publish(channel, projectId);
    waiting.delete(projectId);
    try {
      const project = await projects.summary(projectId);
      for (const topic of [`project:${projectId}`, 'projects'])
        live.publishHere({ topic, kind: 'project', project });
    } catch (error) {
      logger.warn({ err: error, project: projectId }, 'a project summary was not sent');
    }
  }

  const stop = live.onProjectChanged((projectId) => gather(projectId, true));
  const unsubscribe = fanout.subscribe(channel, (projectId) => gather(projectId as ProjectId, false));
  return () => {
    stop();
    unsubscribe();
    for (const { cancel } of waiting.values()) cancel();
    waiting.clear();
  };
}
