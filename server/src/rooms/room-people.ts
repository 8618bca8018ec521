import type { RoomPerson } from '@concord/core/protocol/resources';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { isPersonLayer } from '@concord/core/rooms/layer';
import type { RoomState } from '@concord/core/rooms/state';
import { isCallable, reviews, worksBlind } from '../attention/index.ts';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';

/** Who reviews changes seldom. */
const REMEMBER_MS = 10_000;

/** Whom a person may name on a task's page, themselves among them. */
export interface RoomPeople {
  of(user: User, task: Task, project: Project, state: RoomState): Promise<RoomPerson[]>;
}

export function createRoomPeople({ clock }: Pick<Platform, 'clock'>, people: People): RoomPeople {
  let known: { readonly at: number; readonly reviewers: Promise<readonly User[]> } | null = null;

  async function findReviewers(): Promise<readonly User[]> {
    const found: User[] = [];
    let after: string | undefined;
    do {
      const page = await people.listUsers(after, 500);
      found.push(...page.items.map(({ record }) => record).filter((u) => isCallable(u) && reviews(u)));
      after = page.next ?? undefined;
    } while (after !== undefined);
    return found;
  }

  function reviewers(): Promise<readonly User[]> {
    if (known === null || clock.now() - known.at > REMEMBER_MS) {
      const made = { at: clock.now(), reviewers: findReviewers() };
      made.reviewers.catch(() => {
        if (known === made) known = null;
      });
      known = made;
    }
    return known.reviewers;
  }

  return {
    async of(user, task, project, state) {
      const found = new Map<string, RoomPerson>();
      const add = (who: User, takesPart: boolean) =>
        found.set(who.id, { ...people.toPublic(who), takesPart });
      // For the blind the list is the same whoever works on the task.
      for (const who of await reviewers()) add(who, false);
      if (!worksBlind(user, task, project, clock.now())) {
        const parts = [...task.claims.map((c) => c.userId), ...Object.keys(state.layers)];
        for (const id of new Set(parts.filter((id) => isPersonLayer(id as User['id'])))) {
          const who = await people.getUser(id);
          // Who left stays nameable: their work is still in the room.
          if (who !== null) add(who, true);
        }
      }
      add(user, found.get(user.id)?.takesPart ?? false);
      return [...found.values()].sort(
        (a, b) => Number(b.takesPart) - Number(a.takesPart) || (a.display < b.display ? -1 : 1),
      );
    },
  };
}
