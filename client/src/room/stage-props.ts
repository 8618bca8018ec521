import type { TaskDetail } from '@concord/core/protocol/resources';
import type { LayerId } from '@concord/core/records/ids';
import type { ClientOp } from '@concord/core/rooms/op';
import { createMemo, createSignal } from 'solid-js';
import type { OtherLayer, StageProps, Surface } from '../modalities/surface.ts';
import { newRegionId, type RoomSession } from '../session/index.ts';
import { emptyView, type LayerView, type RoomModel } from '../store/index.ts';
import { showToast } from '../ui/index.ts';
import type { Following } from './follow.ts';
import { createKeptIds } from './kept-ids.ts';
import { answerSuggestionsOf, isModelLayer, regionSuggestionsOf } from './model-layers.ts';
import { othersOf } from './other-layers.ts';
import type { PeopleBook } from './people-book.ts';
import { createStagePresence } from './stage-presence.ts';

export interface StageOptions {
  /** The layer this person edits. */
  readonly layer: () => LayerId | null;
  readonly editable: () => boolean;
  readonly onDone: () => void;
  /** Regions of another's layer that not everybody has. */
  readonly differs: (layer: LayerView) => ReadonlySet<string>;
  readonly people: PeopleBook;
  readonly following: Following;
  /** Whether this layer is shown; all are when absent. */
  readonly shows?: (layer: LayerId) => boolean;
}

/** Everything a stage is given, out of a session, its store and the task. */
export function createStageProps(
  session: RoomSession,
  room: Readonly<RoomModel>,
  detail: TaskDetail,
  surface: Surface,
  options: StageOptions,
) {
  const { schema } = detail.project;
  const [active, setActive] = createSignal(surface.startsArmed ? (schema.classes[0]?.name ?? '') : '');
  const [selected, setSelected] = createSignal<string | null>(null);
  const rejected = createKeptIds('rejected', detail.task.id);
  const [threshold, setThreshold] = createSignal(0);
  const own = createMemo((): LayerView => {
    const id = options.layer();
    return id === null ? emptyView('consensus') : (room.layers[id] ?? emptyView(id));
  });
  const others = createMemo((): OtherLayer[] =>
    othersOf(room.layers, options.layer(), options.people, options.differs).filter(
      (other) => options.shows?.(other.id) ?? true,
    ),
  );
  const models = createMemo(() =>
    Object.values(room.layers).filter((l): l is LayerView => l !== undefined && isModelLayer(l.id)),
  );
  const unanswered = createMemo(() => regionSuggestionsOf(models(), own(), new Set()));
  const proposed = createMemo(() => unanswered().filter((s) => !rejected.all().has(s.key)));
  const suggestions = createMemo(() => proposed().filter((s) => (s.region.score ?? 1) >= threshold()));
  const answers = createMemo(() => answerSuggestionsOf(models(), detail.task.suggestion));
  const presence = createStagePresence(session, room, options.people, options.following, options.layer);

  function dispatch(ops: readonly ClientOp[], group?: string): void {
    const layer = options.layer();
    if (layer === null || !options.editable() || ops.length === 0) return;
    if (!presence.heldBack(ops)) session.dispatch(layer, ops, group);
  }
  function accept(keys: readonly string[]): void {
    const wanted = new Set(keys);
    const ops = suggestions().flatMap(({ key, region }): ClientOp[] =>
      wanted.has(key)
        ? [
            {
              t: 'create',
              region: {
                id: newRegionId(),
                kind: region.kind,
                label: region.label,
                shape: { ...region.shape },
                ...(region.attrs ? { attrs: { ...region.attrs } } : {}),
                from: key,
              },
            },
          ]
        : [],
    );
    dispatch(ops, `accept-${newRegionId()}`);
  }

  function reject(keys: readonly string[]): void {
    if (keys.length === 0) return;
    rejected.add(keys);
    showToast('info', keys.length === 1 ? 'Suggestion rejected' : `${keys.length} suggestions rejected`, {
      label: 'Undo',
      run: () => rejected.remove(keys),
    });
  }

  const props: StageProps = {
    asset: detail.asset,
    schema,
    get layer() {
      return own();
    },
    get editable() {
      return options.editable();
    },
    get others() {
      return others();
    },
    get suggestions() {
      return suggestions();
    },
    get answerSuggestions() {
      return answers();
    },
    presence: presence.stage,
    get activeClass() {
      return active();
    },
    onActiveClass: setActive,
    get selected() {
      return selected();
    },
    onSelect: (id) => {
      setSelected(id);
      presence.select(id);
    },
    dispatch,
    accept,
    reject,
    onDone: () => options.onDone(),
  };
  return {
    props,
    threshold,
    setThreshold,
    /** How many suggestions there are at any threshold, so that the slider stays where it hides them all. */
    suggestionCount: () => proposed().length,
    rejectedCount: () => unanswered().length - proposed().length,
    showRejected: () => rejected.remove([...rejected.all()]),
  };
}
