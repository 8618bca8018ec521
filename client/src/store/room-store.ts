import type { RoomView } from '@concord/core/protocol/rooms';
import type { LayerId } from '@concord/core/records/ids';
import type { LayerState } from '@concord/core/rooms/state';
import { batch, onCleanup } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { Draft, RoomSession, SaveState, Seen } from '../session/index.ts';
import { type LayerView, layerView } from './layer-view.ts';

/** A room as Solid sees it. */
export interface RoomModel {
  view: RoomView | null;
  own: LayerId | null;
  layers: Partial<Record<string, LayerView>>;
  save: SaveState;
  drafts: readonly Draft[];
  people: Seen[];
  canUndo: boolean;
  canRedo: boolean;
}

/**
 * Mirrors a session into one Solid store, one update for each batch of changes. Only layers whose state object changed
 * are looked at, and within them only the fields that differ notify. Ends with the caller's owner.
 */
export function createRoomStore(session: RoomSession): Readonly<RoomModel> {
  const known = new Map<LayerId, LayerState>();
  const [model, setModel] = createStore<RoomModel>({
    view: null,
    own: null,
    layers: {},
    save: session.saveState(),
    drafts: [],
    people: [],
    canUndo: false,
    canRedo: false,
  });

  function update(): void {
    batch(() => {
      const ids = session.layerIds();
      for (const id of ids) {
        const state = session.layer(id);
        if (state === undefined || known.get(id) === state) continue;
        known.set(id, state);
        setModel('layers', id, reconcile(layerView(state), { key: 'id' }));
      }
      for (const id of [...known.keys()]) {
        if (ids.includes(id)) continue;
        known.delete(id);
        setModel('layers', id, undefined);
      }
      const view = session.view();
      setModel('view', view === null ? null : reconcile(structuredClone(view), { key: 'id' }));
      setModel({ own: session.ownLayer(), canUndo: session.canUndo(), canRedo: session.canRedo() });
      setModel('save', reconcile(structuredClone(session.saveState()), { key: 'kind' }));
      setModel('drafts', [...session.drafts()]);
      setModel('people', reconcile(structuredClone([...session.presence().people()]), { key: 'userId' }));
    });
  }

  update();
  onCleanup(session.onChange(update));
  return model;
}
