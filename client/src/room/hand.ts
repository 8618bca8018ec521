import type { Hand } from '@concord/core/rooms/state';
import { createEffect, createMemo, on } from 'solid-js';
import type { RoomSession } from '../session/index.ts';
import { me } from '../shell/session.ts';
import type { RoomModel } from '../store/index.ts';
import { showToast } from '../ui/index.ts';
import type { PeopleBook } from './people-book.ts';

/** Calling a reviewer into the room, and hearing that one came. */
export interface MyHand {
  /** While it is up. */
  readonly raised: () => Hand | null;
  /** Whether one may raise it now. */
  readonly possible: () => boolean;
  readonly raise: (text: string) => void;
  readonly lower: () => void;
}

export function createMyHand(session: RoomSession, room: Readonly<RoomModel>, people: PeopleBook): MyHand {
  const layer = () => me().id;
  const raised = createMemo(() => room.layers[layer()]?.hand ?? null);
  const settled = () => room.view?.state === 'finalized';
  const reviewers = createMemo(() =>
    (room.view?.members ?? [])
      .filter((m) => m.mode === 'review' && m.user.id !== me().id)
      .map((m) => m.user.id),
  );
  let mine = false;

  createEffect(
    on(reviewers, (now, before) => {
      if (raised() === null || before === undefined) return;
      for (const id of now)
        if (!before.includes(id)) showToast('ok', `${people.displayOf(id)} has come to help you.`);
    }),
  );
  createEffect(
    on(
      () => raised() !== null,
      (up, before) => {
        if (before && !up && !mine && !settled())
          showToast('info', 'A reviewer has taken your raised hand down.');
        mine = false;
      },
    ),
  );

  return {
    raised,
    possible: () =>
      session.mode === 'annotate' && room.view !== null && !settled() && room.save.kind !== 'closed',
    raise: (text) => session.dispatch(layer(), [{ t: 'hand', raised: true, text: text.trim() }]),
    lower() {
      mine = true;
      session.dispatch(layer(), [{ t: 'hand', raised: false, text: '' }]);
    },
  };
}
