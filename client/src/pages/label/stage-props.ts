import type { Annotation } from '@concord/core/records/annotation';
import type { LayerId } from '@concord/core/records/ids';
import type { ClientOp } from '@concord/core/rooms/op';
import { createMemo, createSignal } from 'solid-js';
import type { AnswerSuggestion, OtherLayer, RegionSuggestion, StageProps } from '../../modalities/surface.ts';
import { newRegionId, type RoomSession } from '../../session/index.ts';
import { emptyView, type LayerView } from '../../store/index.ts';
import type { RoomModel } from '../../store/room-store.ts';

export const isModel = (id: string) => id.startsWith('mdl_');

/** Everything a stage is given, from a session, its store and the layer this person edits. */
export function createStageProps(
  session: RoomSession,
  room: Readonly<RoomModel>,
  task: Pick<StageProps, 'asset' | 'schema'>,
  options: {
    layer: () => LayerId | null;
    editable: () => boolean;
    armed: boolean;
    onDone: () => void;
    differs: (layer: LayerView) => ReadonlySet<string>;
  },
) {
  const [active, setActive] = createSignal(options.armed ? (task.schema.classes[0]?.name ?? '') : '');
  const [selected, setSelected] = createSignal<string | null>(null);
  const [rejected, setRejected] = createSignal<ReadonlySet<string>>(new Set());
  const [threshold, setThreshold] = createSignal(0);
  const own = createMemo(() => {
    const id = options.layer();
    return id === null ? emptyView('consensus') : (room.layers[id] ?? emptyView(id));
  });
  const nameOf = (id: string) => room.view?.members.find((m) => m.user.id === id)?.user;
  const others = createMemo<OtherLayer[]>(() =>
    Object.values(room.layers).flatMap((layer) => {
      if (layer === undefined || layer.id === options.layer() || isModel(layer.id)) return [];
      const person = nameOf(layer.id);
      const kind = layer.id === 'consensus' ? 'consensus' : 'person';
      return [
        {
          id: layer.id,
          kind,
          name: person?.display ?? (kind === 'consensus' ? 'Consensus' : 'A colleague'),
          color: person?.color ?? '#64748b',
          layer,
          differs: options.differs(layer),
        } as const,
      ];
    }),
  );
  const models = createMemo(() =>
    Object.values(room.layers).filter((l): l is LayerView => l !== undefined && isModel(l.id)),
  );
  const taken = createMemo(() => new Set(own().regions.map((r) => r.from)));
  const suggestions = createMemo<RegionSuggestion[]>(() =>
    models().flatMap((layer) =>
      layer.regions
        .map((region) => ({ key: `${layer.id}/${region.id}`, model: 'Model', region }))
        .filter(
          ({ key, region }) =>
            !taken().has(key) && !rejected().has(key) && (region.score ?? 1) >= threshold(),
        ),
    ),
  );
  const answerSuggestions = createMemo<AnswerSuggestion[]>(() =>
    models().flatMap((layer) =>
      Object.entries(layer.answers).map(([key, value]) => ({
        model: 'Model',
        key,
        value: String(value),
        score: null,
      })),
    ),
  );
  const dispatch = (ops: readonly ClientOp[], group?: string) => {
    const layer = options.layer();
    if (layer !== null && options.editable()) session.dispatch(layer, ops, group);
  };
  const props: StageProps = {
    asset: task.asset,
    schema: task.schema,
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
      return answerSuggestions();
    },
    get cursors() {
      return room.people.flatMap((p) => {
        const person = nameOf(p.userId);
        return p.cursor
          ? [
              {
                userId: p.userId,
                name: person?.display ?? '',
                color: person?.color ?? '#64748b',
                ...p.cursor,
              },
            ]
          : [];
      });
    },
    get activeClass() {
      return active();
    },
    onActiveClass: setActive,
    get selected() {
      return selected();
    },
    onSelect: setSelected,
    dispatch,
    accept(keys) {
      const wanted = suggestions().filter((s) => keys.includes(s.key));
      dispatch(
        wanted.map(({ key, region }) => ({
          t: 'create',
          region: {
            id: newRegionId(),
            kind: region.kind,
            label: region.label,
            shape: { ...region.shape },
            from: key,
          },
        })),
        'accept',
      );
    },
    reject: (keys) => setRejected((old) => new Set([...old, ...keys])),
    onPointer: () => {},
    onDone: options.onDone,
  };
  return { props, threshold, setThreshold };
}

/** Ops that make a layer say what an annotation says. */
export function opsTo(target: Annotation, now: LayerView): ClientOp[] {
  const set: Record<string, Annotation['answers'][string]> = {};
  for (const key of Object.keys(now.answers)) if (!(key in target.answers)) set[key] = null;
  Object.assign(set, target.answers);
  return [
    ...now.regions.map(({ id }): ClientOp => ({ t: 'delete', id })),
    ...target.regions.map(
      ({ kind, label, shape }): ClientOp => ({
        t: 'create',
        region: { id: newRegionId(), kind, label, shape },
      }),
    ),
    ...(Object.keys(set).length > 0 ? [{ t: 'classify', set } as ClientOp] : []),
  ];
}
