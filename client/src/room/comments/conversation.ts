import type { LayerId } from '@concord/core/records/ids';
import { createMemo, createSignal } from 'solid-js';
import { notifications } from '../../shell/notifications.ts';
import { me } from '../../shell/session.ts';
import type { LayerView, RoomModel } from '../../store/index.ts';
import { createKeptIds } from '../kept-ids.ts';
import type { Talk } from './talk.ts';
import { commentsOf, notesByRegion, type Thread, threadsOf } from './threads.ts';

/** A comment as an address names it: `<layer>/<comment>`. */
export type CommentAddress = string;

/** Everything said in a room as one person has it: what is unread, where they were sent, to whom they write. */
export interface Conversation {
  readonly talk: Talk;
  readonly threads: () => readonly Thread[];
  /** Open threads by region, `<layer>/<region>`. */
  readonly notes: () => ReadonlyMap<string, number>;
  readonly unread: () => number;
  readonly isUnread: (id: string) => boolean;
  readonly read: (ids: readonly string[]) => void;
  /** The comment to go to, until it is there. */
  readonly jump: () => CommentAddress | null;
  readonly goTo: (address: CommentAddress) => void;
  readonly arrived: () => void;
  readonly threadOf: (address: CommentAddress) => Thread | undefined;
  /** Whose layer a new comment goes to, where that was chosen; null for the usual one. */
  readonly addressee: () => LayerId | null;
  readonly address: (layer: LayerId | null) => void;
  /** The place of the field one writes in. */
  readonly setField: (element: HTMLElement) => void;
}

export function createConversation(
  task: string,
  room: Readonly<Pick<RoomModel, 'layers'>>,
  talk: Talk,
  first: CommentAddress | null,
): Conversation {
  const done = createKeptIds('read', task);
  const [jump, setJump] = createSignal<CommentAddress | null>(first);
  const [addressee, setAddressee] = createSignal<LayerId | null>(null);
  let field: HTMLElement | undefined;
  const layers = createMemo(() => Object.values(room.layers).filter((l): l is LayerView => l !== undefined));
  const threads = createMemo(() => threadsOf(layers()));
  const all = createMemo(() => threads().flatMap(commentsOf));
  const isMine = createMemo(() => new Set(all().flatMap((c) => (c.by === me().id ? [c.id] : []))));
  const isUnread = (id: string): boolean => !isMine().has(id) && !done.all().has(id);

  return {
    talk,
    threads,
    notes: createMemo(() => notesByRegion(layers())),
    unread: createMemo(() => all().filter((comment) => isUnread(comment.id)).length),
    isUnread,
    read(ids) {
      done.add(ids);
      notifications.readComments(task, ids);
    },
    jump,
    goTo: setJump,
    arrived: () => setJump(null),
    threadOf: (address) =>
      threads().find((thread) =>
        commentsOf(thread).some((comment) => `${thread.layer}/${comment.id}` === address),
      ),
    addressee,
    address(layer) {
      setAddressee(layer);
      if (layer !== null)
        requestAnimationFrame(() => {
          field?.scrollIntoView({ block: 'nearest' });
          field?.querySelector('textarea')?.focus();
        });
    },
    setField: (element) => {
      field = element;
    },
  };
}
