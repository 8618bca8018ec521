import type { Viewport } from '@concord/core/rooms/presence';
import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { RoomModel } from '../store/index.ts';
import { showToast } from '../ui/index.ts';
import type { PeopleBook } from './people-book.ts';

/** Seeing what somebody else sees, until one moves oneself. */
export interface Following {
  /** Who is followed; null for nobody. */
  readonly whom: () => string | null;
  /** What they have in sight; null while nobody is followed or it is not known. */
  readonly viewport: () => Viewport | null;
  /** Follows them, or (followed already) stops. */
  toggle(userId: string): void;
  stop(): void;
}

export function createFollowing(room: Readonly<RoomModel>, people: PeopleBook): Following {
  const [whom, setWhom] = createSignal<string | null>(null);
  const viewport = createMemo(() => room.people.find((seen) => seen.userId === whom())?.viewport ?? null);
  const stop = (): void => {
    setWhom(null);
  };

  createEffect(() => {
    const id = whom();
    if (id === null || room.view === null) return;
    if (room.view.members.some((member) => member.user.id === id)) return;
    showToast('info', `${people.displayOf(id)} has left.`);
    stop();
  });
  // Before the stage hears of it: there Escape means other things.
  createEffect(() => {
    if (whom() === null) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      stop();
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey, { capture: true });
    onCleanup(() => document.removeEventListener('keydown', onKey, { capture: true }));
  });

  return {
    whom,
    viewport,
    stop,
    toggle: (userId) => setWhom((now) => (now === userId ? null : userId)),
  };
}
