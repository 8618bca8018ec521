import type { HandItem } from '@concord/core/protocol/resources';
import type { Hand } from '@concord/core/records/hand';
import type { User } from '@concord/core/records/user';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import type { Projects } from '../projects/index.ts';
import { mayRead } from './readers.ts';

/** Rows looked through in one call. */
const SCAN = 2000;

export interface Hands {
  /** Newest first, without tasks that this person is labelling blind: a question tells something of its task. */
  list(
    user: User,
    query: {
      readonly after?: string | undefined;
      readonly limit: number;
      readonly project?: string | undefined;
    },
  ): Promise<{ items: HandItem[]; next: string | null }>;
}

export function createHands(
  platform: Pick<Platform, 'store' | 'clock'>,
  people: People,
  projects: Projects,
): Hands {
  const { store, clock } = platform;

  async function shown(user: User, hand: Hand): Promise<HandItem | null> {
    const task = (await store.get('tasks', hand.taskId))?.record;
    const who = await people.getUser(hand.userId);
    if (task === undefined || who === null) return null;
    const { record: project } = await projects.get(hand.projectId);
    if (project.archived || !mayRead(user, hand.userId, task, project, clock.now())) return null;
    return {
      taskId: task.id,
      taskSeq: task.seq,
      projectId: project.id,
      projectName: project.name,
      modality: project.schema.modality,
      preview: task.preview,
      user: people.toPublic(who),
      text: hand.text,
      raisedAt: hand.raisedAt,
    };
  }

  return {
    async list(user, { after, limit, project }) {
      const items: HandItem[] = [];
      let cursor = after;
      let next: string | null = null;
      for (let scanned = 0; scanned < SCAN; ) {
        const found = await store.page('hands', {
          index: 'time',
          after: cursor,
          limit: limit - items.length,
          descending: true,
        });
        const wanted = found.items.filter(
          ({ record }) => project === undefined || record.projectId === project,
        );
        const seen = await Promise.all(wanted.map(({ record }) => shown(user, record)));
        items.push(...seen.filter((item) => item !== null));
        next = found.next;
        scanned += Math.max(1, found.items.length);
        if (next === null || items.length >= limit) break;
        cursor = next;
      }
      return { items, next };
    },
  };
}
