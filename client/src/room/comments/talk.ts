import type { LayerId, UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { ClientOp } from '@concord/core/rooms/op';
import { isBlindWhen, mayComment, mayWrite, type Viewer } from '@concord/core/rooms/visibility';
import { newRegionId, type RoomSession } from '../../session/index.ts';
import { me } from '../../shell/session.ts';
import type { RoomModel } from '../../store/index.ts';

/** Commenting in a room, by the rules that the server holds everybody to. */
export interface Talk {
  /** Where a comment on the whole item goes. */
  readonly home: LayerId;
  /** Whether this person may comment on this layer now. */
  may(layer: LayerId): boolean;
  /** Whether somebody may be mentioned there: the blind are not told who else works on the task. */
  mayName(layer: LayerId, person: { readonly id: string; readonly takesPart: boolean }): boolean;
  /** Whose working blind would end by words on this layer; null when nobody's. */
  exposes(layer: LayerId): string | null;
  say(
    layer: LayerId,
    text: string,
    about: {
      readonly region?: string | null;
      readonly parent?: string | undefined;
      readonly mentions: readonly string[];
    },
  ): void;
  resolve(layer: LayerId, comment: string, resolved: boolean): void;
}

export function createTalk(session: RoomSession, room: Readonly<RoomModel>, project: Project): Talk {
  const viewer: Viewer = { userId: me().id, mode: session.mode };
  const rules = () => ({
    visibility: room.view?.visibility ?? project.visibility,
    suggestions: project.suggestions,
  });
  const submitted = (id: UserId) => (room.layers[id]?.submitted ?? null) !== null;
  const put = (layer: LayerId, op: ClientOp): void => session.dispatch(layer, [op]);

  return {
    home: session.mode === 'review' ? 'consensus' : me().id,
    may(layer) {
      if (room.view === null || room.view.state === 'finalized' || room.save.kind === 'closed') return false;
      if (mayWrite(viewer, layer, rules())) return true;
      return room.layers[layer] !== undefined && mayComment(viewer, layer, rules(), submitted);
    },
    mayName(layer, person) {
      if (!person.takesPart || person.id === layer || layer === viewer.userId || !layer.startsWith('usr_'))
        return true;
      const owner: Viewer = { userId: layer as UserId, mode: 'annotate' };
      return !isBlindWhen(owner, rules(), submitted(owner.userId));
    },
    exposes(layer) {
      if (layer === viewer.userId || !layer.startsWith('usr_')) return null;
      const owner: Viewer = { userId: layer as UserId, mode: 'annotate' };
      // What was submitted blind stays so.
      return !submitted(owner.userId) && isBlindWhen(owner, rules(), false) ? layer : null;
    },
    say(layer, text, { region = null, parent, mentions }) {
      put(layer, {
        t: 'comment',
        id: newRegionId(),
        region,
        text,
        ...(parent === undefined ? {} : { parent }),
        ...(mentions.length === 0 ? {} : { mentions: mentions.slice(0, 20) as UserId[] }),
      });
    },
    resolve: (layer, id, resolved) => put(layer, { t: 'resolve', id, resolved }),
  };
}
