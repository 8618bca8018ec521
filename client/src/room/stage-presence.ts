import type { LayerId } from '@concord/core/records/ids';
import type { ClientOp } from '@concord/core/rooms/op';
import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import { answerPlace, type Cursor, type OtherSelection, type StagePresence } from '../modalities/presence.ts';
import type { RoomSession } from '../session/index.ts';
import type { RoomModel } from '../store/index.ts';
import { showToast } from '../ui/index.ts';
import type { Following } from './follow.ts';
import type { PeopleBook } from './people-book.ts';

/** A change that is no drag (a key, a word typed) holds what it changed for this long. */
const touchMs = 1500;

/** What the page needs of presence besides what a stage does. */
export interface RoomPresenceTools {
  readonly stage: StagePresence;
  /** Tells what is selected, as the stage names it. */
  select(id: string | null): void;
  /** What these ops would change that somebody else is changing now; the person is told. Otherwise it is held for a moment. */
  heldBack(ops: readonly ClientOp[]): boolean;
}

/** The region or free text that an op changes; null for what nobody can be in the middle of. */
function placeOf(op: ClientOp): string | null {
  if (op.t === 'update' || op.t === 'delete') return op.id;
  return op.t === 'classify' && 'reason' in op.set ? answerPlace('reason') : null;
}

/** Others' presence in the terms of a stage that edits `layer`, and one's own in the terms of the room. */
export function createStagePresence(
  session: RoomSession,
  room: Readonly<RoomModel>,
  people: PeopleBook,
  following: Following,
  layer: () => LayerId | null,
): RoomPresenceTools {
  const presence = session.presence();
  const [mine, setMine] = createSignal<string | null>(null);
  let letGo: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(letGo));

  const wireOf = (id: string): string => (id.includes('/') ? id : `${layer() ?? 'consensus'}/${id}`);
  /** As the stage draws it: regions of the edited layer have bare ids. */
  const drawnOf = (place: string): string => {
    const [of, id] = [place.slice(0, place.indexOf('/')), place.slice(place.indexOf('/') + 1)];
    return of === layer() ? id : place;
  };
  const somebody = (userId: string) => ({
    userId,
    name: people.displayOf(userId),
    color: people.colorOf(userId),
  });
  const cursors = createMemo(() =>
    room.people.flatMap((seen): Cursor[] =>
      seen.cursor === null ? [] : [{ ...somebody(seen.userId), ...seen.cursor }],
    ),
  );
  const selections = createMemo(() =>
    room.people.flatMap((seen): OtherSelection[] => {
      const held = seen.busy === null ? [] : [seen.busy];
      return [...new Set([...held, ...seen.selection])].map((place) => ({
        ...somebody(seen.userId),
        id: drawnOf(place),
        busy: place === seen.busy,
      }));
    }),
  );

  function hold(id: string | null): void {
    clearTimeout(letGo);
    if (mine() === id) return;
    setMine(id);
    presence.tell({ busy: id === null ? null : wireOf(id) });
  }
  const heldBy = (id: string) => selections().find((other) => other.busy && other.id === id) ?? null;
  function onHeldBack(holder: { readonly name: string }): void {
    showToast('info', `${holder.name} is changing this right now. It is free again when they stop.`);
  }
  // Another layer is edited from here on: what was held is let go.
  createEffect(on(layer, () => hold(null), { defer: true }));

  return {
    select: (id) => presence.tell({ selection: id === null ? [] : [wireOf(id)] }),
    heldBack(ops) {
      for (const op of ops) {
        const place = placeOf(op);
        if (place === null) continue;
        // Who began goes on: two who begin at the same moment are sorted out by the order of their ops.
        const holder = mine() === place ? null : heldBy(place);
        if (holder !== null) {
          onHeldBack(holder);
          return true;
        }
      }
      const touched = ops.map(placeOf).find((place) => place !== null);
      if (touched !== undefined && touched !== null && (mine() === null || letGo !== undefined)) {
        hold(touched);
        letGo = setTimeout(() => {
          letGo = undefined;
          hold(null);
        }, touchMs);
      }
      return false;
    },
    stage: {
      get cursors() {
        return cursors();
      },
      get selections() {
        return selections();
      },
      get follow() {
        return following.viewport();
      },
      onPointer: (cursor) => presence.tell({ cursor }),
      // Who follows tells nothing of what they see: two who follow each other would drive each other on.
      onViewport: (viewport) => {
        if (following.whom() === null) presence.tell({ viewport });
      },
      onMoved: following.stop,
      onBusy: (id) => {
        hold(id);
        letGo = undefined;
      },
      heldBy,
      onHeldBack,
    },
  };
}
