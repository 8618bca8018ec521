import type { Region } from '@concord/core/records/annotation';
import type { LayerId } from '@concord/core/records/ids';
import type { Json } from '@concord/core/records/json';
import type { Comment, Hand, LayerState } from '@concord/core/rooms/state';

/** A region as the page shows it. */
export interface RegionView extends Region {
  /** Who set its label or shape last: a user or model id. */
  readonly by: string;
}

/** One layer as the page shows it: lists for `<For>`, answers by key. */
export interface LayerView {
  readonly id: LayerId;
  readonly regions: readonly RegionView[];
  readonly answers: Readonly<Record<string, Json>>;
  readonly comments: readonly Comment[];
  readonly hand: Hand | null;
  readonly submitted: { readonly id: string; readonly blind: boolean; readonly at: number } | null;
  readonly version: number;
}

/**
 * A copy of a layer for the store. The store changes its objects in place, and the session's must stay as they are,
 * so nothing is shared. Regions come in order of their making, so that lists do not jump while one is edited.
 */
export function layerView(state: LayerState): LayerView {
  const regions = Object.values(state.regions).map(
    ({ region, stamps }): RegionView => ({
      ...region,
      shape: { ...region.shape },
      by:
        (stamps['label']?.lseq ?? 0) > (stamps['shape']?.lseq ?? 0)
          ? stamps['label']!.by
          : (stamps['shape']?.by ?? ''),
    }),
  );
  const answers: Record<string, Json> = {};
  for (const [key, { value }] of Object.entries(state.answers)) if (value !== null) answers[key] = value;
  return {
    id: state.layer,
    regions,
    answers,
    comments: state.comments.map(({ mentions, ...comment }) => ({
      ...comment,
      ...(mentions ? { mentions: [...mentions] } : {}),
    })),
    hand: state.hand === null ? null : { ...state.hand },
    submitted: state.submitted === null ? null : { ...state.submitted },
    version: state.version,
  };
}

export function emptyView(id: LayerId): LayerView {
  return { id, regions: [], answers: {}, comments: [], hand: null, submitted: null, version: 0 };
}
