import type { LayerId } from '@concord/core/records/ids';
import { notifications } from '../shell/notifications.ts';
import type { LayerView, RoomModel } from '../store/index.ts';
import { type CommentAddress, type Conversation, createConversation } from './comments/conversation.ts';
import { createTalk } from './comments/talk.ts';
import { createFollowing, type Following } from './follow.ts';
import { lookingAt } from './looking-at.ts';
import type { OpenTask } from './open-task.ts';
import { createPeopleBook, type PeopleBook } from './people-book.ts';
import { createStageProps, type StageOptions } from './stage-props.ts';

/** Everything around the stage of an open room: names, comments, following, and the stage's own props. */
export interface RoomTools {
  readonly people: PeopleBook;
  readonly following: Following;
  readonly conversation: Conversation;
  readonly stage: ReturnType<typeof createStageProps>;
  /** What somebody in the room is about, in a few words. */
  readonly lookingAt: (userId: string) => string;
}

export function createRoomTools(
  { detail, session, surface }: OpenTask,
  room: Readonly<RoomModel>,
  options: Omit<StageOptions, 'people' | 'following'> & { readonly jump: CommentAddress | null },
): RoomTools {
  const people = createPeopleBook(detail.task.id, () => peopleIn(room.layers), room);
  const following = createFollowing(room, people);
  notifications.enteredRoom(detail.task.id);
  const conversation = createConversation(
    detail.task.id,
    room,
    createTalk(session, room, detail.project),
    options.jump,
  );
  const stage = createStageProps(session, room, detail, surface, { ...options, people, following });
  return {
    people,
    following,
    conversation,
    stage,
    lookingAt: (userId) =>
      lookingAt(
        room.people.find((seen) => seen.userId === userId),
        room.layers,
        stage.props,
        surface,
      ),
  };
}

/** Whom a room's layers name: whose they are, and who wrote on them. */
export function peopleIn(layers: RoomModel['layers']): LayerId[] {
  return Object.values(layers)
    .filter((layer): layer is LayerView => layer !== undefined)
    .flatMap((layer) => [layer.id, ...layer.comments.map((comment) => comment.by as LayerId)]);
}
