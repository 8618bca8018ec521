import type { ProjectId } from '@concord/core/records/ids';
import type { Platform } from '../platform.ts';
import type { Projects } from './projects.ts';

/** How long changes of one project are gathered before its summary goes out, in ms. */
const gatherMs = 250;

/**
 * Sends a project's summary to the live lists when its counters move: at once gathered, at most four times a second
 * per project, however fast people work. Returns how to stop.
 */
export function startProjectNews(platform: Platform, projects: Projects): () => void {
  const waiting = new Map<ProjectId, () => void>();

  async function send(projectId: ProjectId): Promise<void> {
    waiting.delete(projectId);
    try {
      const project = await projects.summary(projectId);
      for (const topic of [`project:${projectId}`, 'projects'])
        platform.live.publish({ topic, kind: 'project', project });
    } catch (error) {
      platform.logger.warn({ err: error, project: projectId }, 'a project summary was not sent');
    }
  }

  const stop = platform.live.onProjectChanged((projectId) => {
    if (waiting.has(projectId)) return;
    waiting.set(
      projectId,
      platform.clock.after(gatherMs, () => void send(projectId)),
    );
  });
  return () => {
    stop();
    for (const cancel of waiting.values()) cancel();
    waiting.clear();
  };
}
