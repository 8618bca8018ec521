import type { OpsReply, RoomView } from '@concord/core/protocol/rooms';
import type { TaskId, UserId } from '@concord/core/records/ids';
import { applyInPlace, isResend, newestOf, newRoom } from '@concord/core/rooms/apply';
import type { LogEntry } from '@concord/core/rooms/op';
import type { LayerState } from '@concord/core/rooms/state';
import type { Answer, RoomListener, RoomTransport } from './transport.ts';

/** One room on a server, for tests of a session: numbers ops, knows resends, and can lose what it says. */
export interface FakeRoom {
  readonly transport: RoomTransport;
  readonly log: readonly LogEntry[];
  /**
   * What of the next message of ops is lost on the way back: all of it, or the broadcast alone, when the message came twice
   * and the second time was answered as known already.
   */
  lose(what: 'all' | 'broadcast'): void;
}

export function createFakeRoom(task: TaskId, user: UserId): FakeRoom {
  const state = newRoom();
  const log: LogEntry[] = [];
  let listener: RoomListener | null = null;
  let losing: Parameters<FakeRoom['lose']>[0] | null = null;
  const view: RoomView = {
    task,
    state: 'open',
    revision: 0,
    visibility: 'blind',
    blind: true,
    here: 1,
    members: [],
    agreement: null,
    confidence: null,
    submissions: null,
    leaseUntil: null,
  };
  const never = () => Promise.reject(new Error('not part of this test'));
  return {
    log,
    lose(what) {
      losing = what;
    },
    transport: {
      isUp: () => true,
      listen(_task, next) {
        listener = next;
        return () => {
          listener = null;
        };
      },
      join: async ({ client }) => ({
        ok: true,
        protocol: 2,
        you: { id: user, name: 'ann', display: 'Ann', role: 'annotator', active: true, color: '#336699' },
        layer: user,
        view,
        layers: structuredClone(Object.values(state.layers)) as LayerState[],
        missed: [],
        acked: newestOf(state, user, client),
        others: [],
      }),
      async ops({ client, ops }): Promise<Answer<OpsReply>> {
        const acked: { n: number; lseq: number }[] = [];
        const entries: LogEntry[] = [];
        for (const { n, layer, op } of ops) {
          if (isResend(state, user, client, n)) {
            acked.push({ n, lseq: 0 });
            continue;
          }
          const lseq = (state.layers[layer]?.lseq ?? 0) + 1;
          const entry: LogEntry = { seq: state.seq + 1, layer, lseq, by: user, client, n, at: 0, op };
          applyInPlace(state, [entry]);
          entries.push(entry);
          acked.push({ n, lseq });
        }
        log.push(...entries);
        const lost = losing;
        losing = null;
        if (lost === 'all') return { ok: 'lost' };
        if (lost === 'broadcast')
          return { ok: true, acked: acked.map(({ n }) => ({ n, lseq: 0 })), refused: [] };
        const first = entries[0];
        if (first !== undefined)
          listener?.onOps({ task, batch: [{ layer: first.layer, from: first.lseq - 1, entries }] });
        return { ok: true, acked, refused: [] };
      },
      submit: never,
      withdraw: never,
      skip: never,
      resolve: never,
      presence() {},
      leave() {},
    },
  };
}
