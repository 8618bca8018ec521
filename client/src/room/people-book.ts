import type { RoomPerson } from '@concord/core/protocol/resources';
import type { TaskId } from '@concord/core/records/ids';
import { createEffect, createMemo, createSignal, on } from 'solid-js';
import { call } from '../api/index.ts';
import { classColors } from '../lib/palette.ts';
import { me } from '../shell/session.ts';
import type { RoomModel } from '../store/index.ts';

const consensusColor = '#0c6b66';
const unknownColor = classColors[classColors.length - 1]!;

/** Names and colours of everybody that a page about one task shows: the same ones everywhere. */
export interface PeopleBook {
  /** `You` for oneself. */
  nameOf(id: string): string;
  /** As the others read it, oneself included. */
  displayOf(id: string): string;
  colorOf(id: string): string;
  /** Whom one may mention: everybody in the book but oneself and who has left. */
  mentionable(): readonly RoomPerson[];
}

type Known = Pick<RoomPerson, 'display' | 'color'>;

/**
 * Reads whom this person may know of, and again when the room holds somebody new or shows more than before.
 * `ids` are those who are to be named.
 */
export function createPeopleBook(
  task: TaskId,
  ids: () => readonly string[],
  room?: Readonly<Pick<RoomModel, 'view'>>,
): PeopleBook {
  const [listed, setListed] = createSignal<readonly RoomPerson[]>([]);
  const known = createMemo(() => {
    const found = new Map<string, Known>();
    for (const person of listed()) found.set(person.id, person);
    for (const { user } of room?.view?.members ?? []) found.set(user.id, user);
    found.set(me().id, me());
    return found;
  });
  // Who came in is named by the room, but can only be mentioned when the list has them.
  const strangers = createMemo(() => {
    const here = (room?.view?.members ?? []).map(({ user }) => user.id as string);
    const unlisted = [...ids(), ...here].filter(
      (id) => id.startsWith('usr_') && id !== me().id && !listed().some((person) => person.id === id),
    );
    return [...new Set(unlisted)].sort().join(' ');
  });
  let run = 0;
  createEffect(
    on([() => room?.view?.blind, strangers], () => {
      run += 1;
      const mine = run;
      call('tasks.people', { params: { task } }).then(
        ({ items }) => mine === run && setListed(items),
        () => {
          // Names are a comfort; who is in the room is named by the room itself.
        },
      );
    }),
  );

  const displayOf = (id: string): string => {
    const person = known().get(id);
    if (person !== undefined) return person.display;
    if (id === 'consensus') return 'Agreed answer';
    if (id.startsWith('mdl_')) return 'The model';
    return id.startsWith('usr_') ? 'A colleague' : 'Concord';
  };
  return {
    displayOf,
    nameOf: (id) => (id === me().id ? 'You' : displayOf(id)),
    colorOf: (id) => known().get(id)?.color ?? (id === 'consensus' ? consensusColor : unknownColor),
    mentionable: () => listed().filter((person) => person.active && person.id !== me().id),
  };
}
