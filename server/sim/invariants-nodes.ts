import type { Task } from '@concord/core/records/task';
import { apply, emptyRoom } from '@concord/core/rooms/apply';
import { hasContent } from '@concord/core/rooms/layer';
import type { LogEntry } from '@concord/core/rooms/op';
import { othersWork } from './link.ts';
import type { SimWorld } from './sim-world.ts';

/** An entry is in every room with people in it, on every node, after this long, whoever dies and however messages fare. */
const KNOWN_WITHIN_MS = 5_000;

/** Whoever was shown another's work is exposed by an entry that was in the log before [RM17]. */
export function checkExposed(world: SimWorld, task: Task, log: readonly LogEntry[]): string[] {
  const broken = new Set<string>();
  const exposedAt = new Map<string, number>();
  /** Since when a layer holds something, and from when on it does not. */
  const contents = new Map<string, { readonly at: number; readonly content: boolean }[]>();
  let state = emptyRoom;
  for (const entry of log) {
    state = apply(state, entry);
    const { layer, at, op } = entry;
    contents.set(layer, [...(contents.get(layer) ?? []), { at, content: hasContent(state.layers[layer]) }]);
    if (op.t === 'expose' && !exposedAt.has(op.userId)) exposedAt.set(op.userId, at);
  }
  for (const sight of world.ledger.sights) {
    if (sight.task !== task.id || sight.mode === 'review' || !othersWork(sight)) continue;
    const shown = contents.get(sight.layer)?.findLast(({ at }) => at <= sight.at)?.content === true;
    if (shown && !((exposedAt.get(sight.user) ?? Number.POSITIVE_INFINITY) <= sight.at))
      broken.add(
        `${sight.user} was shown ${sight.layer} of ${task.id} at ${sight.at} and not exposed before`,
      );
  }
  return [...broken];
}

/** Watches how far the nodes are behind the logs of the rooms that people are in on them. */
export function createFollowCheck(world: SimWorld): () => Promise<string[]> {
  /** Of each room, how long its log was and when. */
  const lengths = new Map<string, { readonly at: number; readonly seq: number }[]>();
  return async () => {
    const broken: string[] = [];
    const [first] = world.servers();
    if (first === undefined) return broken;
    const now = world.clock.now();
    for (const task of world.items.keys()) {
      const known = lengths.get(task) ?? [];
      const before = known.at(-1)?.seq ?? 0;
      const seq = before + (await first.store.log.read(task, before)).length;
      lengths.set(task, [...known.slice(-10), { at: now, seq }]);
      const due = known.findLast(({ at }) => at <= now - KNOWN_WITHIN_MS)?.seq ?? 0;
      for (const { rooms, bornAt } of world.servers()) {
        if (now - bornAt < KNOWN_WITHIN_MS) continue;
        for (const room of await rooms.occupied())
          if (room.id === task && room.state().seq < due)
            broken.push(
              `a node knows ${room.state().seq} entries of ${task}, and ${due} are in its log for long`,
            );
      }
    }
    return broken;
  };
}
