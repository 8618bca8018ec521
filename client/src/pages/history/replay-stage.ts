import type { TaskDetail } from '@concord/core/protocol/resources';
import type { LayerId } from '@concord/core/records/ids';
import type { RoomState } from '@concord/core/rooms/state';
import { createComputed, createMemo, createSignal } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import { nobodyElse } from '../../modalities/presence.ts';
import type { StageProps } from '../../modalities/surface.ts';
import { answerSuggestionsOf, isModelLayer, regionSuggestionsOf } from '../../room/model-layers.ts';
import { othersOf } from '../../room/other-layers.ts';
import type { PeopleBook } from '../../room/people-book.ts';
import { emptyView, type LayerView, layerView, type RoomModel } from '../../store/index.ts';

/** A room's layers at one moment, for the same stage that people work on; nothing can be changed on it. */
export function createReplayStage(
  detail: TaskDetail,
  people: PeopleBook,
  state: () => RoomState,
  hidden: () => ReadonlySet<LayerId>,
): { readonly props: StageProps; readonly layers: RoomModel['layers'] } {
  const [model, setModel] = createStore<{ layers: RoomModel['layers'] }>({ layers: {} });
  const [selected, setSelected] = createSignal<string | null>(null);
  createComputed(() => {
    const layers: Record<string, LayerView> = {};
    for (const layer of Object.values(state().layers)) if (layer) layers[layer.layer] = layerView(layer);
    setModel('layers', reconcile(layers, { key: 'id' }));
  });
  const agreed = createMemo(() =>
    hidden().has('consensus')
      ? emptyView('consensus')
      : (model.layers['consensus'] ?? emptyView('consensus')),
  );
  const others = createMemo(() =>
    othersOf(model.layers, 'consensus', people, () => new Set()).filter((other) => !hidden().has(other.id)),
  );
  const models = createMemo(() =>
    Object.values(model.layers).filter(
      (layer): layer is LayerView => layer !== undefined && isModelLayer(layer.id) && !hidden().has(layer.id),
    ),
  );
  const suggestions = createMemo(() => regionSuggestionsOf(models(), emptyView('consensus'), new Set()));
  const answers = createMemo(() => answerSuggestionsOf(models(), null));
  return {
    layers: model.layers,
    props: {
      asset: detail.asset,
      schema: detail.project.schema,
      get layer() {
        return agreed();
      },
      editable: false,
      get others() {
        return others();
      },
      get suggestions() {
        return suggestions();
      },
      get answerSuggestions() {
        return answers();
      },
      presence: nobodyElse,
      activeClass: '',
      onActiveClass: () => {},
      get selected() {
        return selected();
      },
      onSelect: setSelected,
      dispatch: () => {},
      accept: () => {},
      reject: () => {},
      onDone: () => {},
    },
  };
}
