import type { LayerId } from '@concord/core/records/ids';
import type { Comment } from '@concord/core/rooms/state';
import type { LayerView, RegionView } from '../../store/index.ts';

/** A comment and its replies. */
export interface Thread {
  readonly layer: LayerId;
  readonly first: Comment;
  /** Oldest first. */
  readonly replies: readonly Comment[];
  /** The region it is about; undefined for the whole item, and for one that was deleted. */
  readonly about: RegionView | undefined;
}

/** All threads of these layers: open ones first, oldest first. */
export function threadsOf(layers: readonly LayerView[]): Thread[] {
  return layers
    .flatMap((layer) =>
      layer.comments
        .filter((comment) => comment.parent === undefined)
        .map(
          (first): Thread => ({
            layer: layer.id,
            first,
            replies: layer.comments.filter((comment) => comment.parent === first.id),
            about: layer.regions.find((region) => region.id === first.region),
          }),
        ),
    )
    .sort((a, b) => Number(a.first.resolved) - Number(b.first.resolved) || a.first.at - b.first.at);
}

export const commentsOf = (thread: Thread): readonly Comment[] => [thread.first, ...thread.replies];

/** How many open threads are about each region of these layers, by `<layer>/<region>`. */
export function notesByRegion(layers: readonly LayerView[]): ReadonlyMap<string, number> {
  const notes = new Map<string, number>();
  for (const { layer, first, about } of threadsOf(layers)) {
    if (about === undefined || first.resolved) continue;
    const key = `${layer}/${about.id}`;
    notes.set(key, (notes.get(key) ?? 0) + 1);
  }
  return notes;
}
