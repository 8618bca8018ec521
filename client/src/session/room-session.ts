import type { Problem } from '@concord/core/errors/concord-error';
import type { JoinReply, RoomView } from '@concord/core/protocol/rooms';
import type { LayerId } from '@concord/core/records/ids';
import { annotationOf, emptyLayer } from '@concord/core/rooms/layer';
import type { ClientOp } from '@concord/core/rooms/op';
import { rebase } from '@concord/core/rooms/rebase';
import { sameJson } from '@concord/core/rooms/same-json';
import type { Draft } from './outbox.ts';
import { createPauses } from './pauses.ts';
import { createPresence } from './presence.ts';
import { enqueueOp, type QueueItem } from './queue.ts';
import { createReplica } from './replica.ts';
import { saveStateOf } from './save-state.ts';
import { createSender } from './sender.ts';
import type { RoomSession, RoomSessionOptions, SubmitOutcome } from './session.ts';
import { createGroupedUndo } from './undo.ts';

export function createRoomSession(options: RoomSessionOptions): RoomSession {
  const { task, mode, client, transport, clock } = options;
  const me = options.user.id;
  const key = { user: me, task, client };
  const replica = createReplica(me, clock.now);
  const undo = createGroupedUndo({
    me,
    newId: options.newId,
    layer: (id) => replica.layer(id),
    apply: (layer, ops) => push(layer, ops),
  });
  const pauses = createPauses(client);
  const listeners = new Set<() => void>();
  const waiting = new Map<number, (outcome: SubmitOutcome) => void>();

  let queue: readonly QueueItem[] = [];
  let drafts: readonly Draft[] = [];
  let view: RoomView | null = null;
  let own: LayerId | null = null;
  let phase: 'joining' | 'live' | 'offline' | 'closed' = 'joining';
  let problem: Problem | null = null;
  let everJoined = false;
  let lastN = 0;
  let closing = false;
  let giveBack = false;
  let joinRun = 0;
  let announced = false;
  let saving = false;
  let enter: () => void = () => {};
  const joined = new Promise<void>((resolve) => {
    enter = resolve;
  });

  const presence = createPresence({ task, me, transport, clock, onChange: changed });
  const sender = createSender({
    task,
    client,
    transport,
    clock,
    queue: () => queue,
    isLive: () => phase === 'live',
    onSent: settle,
    onLost: () => {
      // Without an answer nobody knows what arrived: it is sent again after the next join.
      if (phase !== 'live') return;
      phase = 'offline';
      changed();
      joinLater();
    },
  });
  const restored = options.outbox.load(key).then(
    (record) => {
      if (record === undefined) return;
      queue = [...record.queue, ...queue];
      drafts = [...record.drafts, ...drafts];
      lastN = Math.max(lastN, ...record.queue.map((i) => i.n), ...record.drafts.map((d) => d.item.n));
      replica.setPending(queue);
      changed();
    },
    () => {},
  );
  const stop = transport.listen(task, {
    onUp: () => void join(),
    onDown: (why) => {
      if (phase === 'closed') return;
      phase = 'offline';
      joinRun += 1;
      // A refused handshake (signed out, too old a page) does not mend by waiting.
      if (why !== null && !why.retry) close(why);
      changed();
    },
    onOps: (message) => {
      if (phase !== 'live') return;
      for (const { layer, from, entries } of message.batch)
        if (replica.receive(layer, from, entries) === 'gap') return void join();
      confirmOwn(
        message.batch.flatMap(({ entries }) => entries.filter((e) => e.client === client).map((e) => e.n)),
      );
      changed();
    },
    onState: (message) => {
      view = message.view;
      presence.here(message.view.members.map((m) => m.user.id));
      replica.load(message.layers);
      changed();
    },
    onSuggestions: () => {},
    onPresence: (message) => presence.receive(message.people),
    onRejoin: () => void join(),
  });
  if (transport.isUp()) void join();

  function changed(): void {
    if (announced) return;
    announced = true;
    queueMicrotask(() => {
      announced = false;
      for (const listener of [...listeners]) listener();
    });
  }

  /** Once per turn of the event loop, however much was queued in it. */
  function persist(): void {
    if (saving) return;
    saving = true;
    queueMicrotask(() => {
      saving = false;
      save();
    });
  }
  function save(): void {
    void options.outbox.save({ key, mode, queue, drafts }).catch(() => {});
  }

  function setQueue(next: readonly QueueItem[]): void {
    queue = next;
    replica.setPending(queue);
    persist();
    changed();
  }

  function close(why: Problem): void {
    phase = 'closed';
    problem = why;
    refuseQueued(why);
    for (const tell of waiting.values()) tell({ kind: 'refused', problem: why });
    waiting.clear();
    enter();
    changed();
  }

  /** There is no way back in: what was not sent is kept and shown with the reason. Signed in again, it is sent after all. */
  function refuseQueued(why: Problem): void {
    if (why.code.startsWith('auth.') || why.code === 'protocol.version') return;
    const ops = queue.filter((item) => item.kind === 'op');
    if (ops.length === 0) return;
    drafts = [...drafts, ...ops.map((item) => ({ item, reason: why.detail }))];
    setQueue([]);
  }

  async function join(): Promise<void> {
    if (phase === 'closed') return;
    const run = ++joinRun;
    phase = 'joining';
    sender.pause();
    await restored;
    const since = everJoined ? { since: replica.since() } : {};
    const reply = await transport.join({ task, mode, client, ...since });
    if (run !== joinRun) return;
    if (reply.ok === true) return entered(reply);
    if (reply.ok !== 'lost' && (!reply.problem.retry || reply.problem.code === 'conflict'))
      return close(reply.problem);
    phase = 'offline';
    changed();
    joinLater();
  }

  /** Tries again after a while that grows with every failure, until something of ours was taken. */
  function joinLater(): void {
    clock.after(pauses.next(), () => phase === 'offline' && transport.isUp() && void join());
  }

  function entered(reply: JoinReply): void {
    view = reply.view;
    own = reply.layer;
    replica.load(reply.layers);
    for (const entry of reply.missed)
      if (replica.receive(entry.layer, entry.lseq - 1, [entry]) === 'gap') {
        // The server believed us to hold more than we do: start over with whole layers.
        replica.retain(() => false);
        everJoined = false;
        return void join();
      }
    lastN = Math.max(lastN, reply.acked);
    // What was answered is in the layers that just came. All else is sent again, also what `acked` covers: a resend
    // does no harm, and only the answer to it tells whether it was taken or refused.
    confirmOwn(sender.answered());
    phase = 'live';
    presence.here(
      reply.view.members.map((m) => m.user.id),
      'entered',
    );
    if (!everJoined) {
      everJoined = true;
      enter();
    }
    sender.resume();
    changed();
    leaveIfDone();
  }

  /** These are in the log. A submit among them was answered by an answer that got lost. */
  function confirmOwn(ns: readonly number[]): void {
    if (ns.length === 0) return;
    const known = new Set(ns);
    if (!queue.some((item) => known.has(item.n))) return;
    for (const n of ns) {
      const tell = waiting.get(n);
      waiting.delete(n);
      tell?.({ kind: 'submitted', submissionId: '', state: view?.state ?? 'open' });
    }
    setQueue(queue.filter((item) => !known.has(item.n)));
  }

  function settle(
    done: readonly { n: number; lseq: number }[],
    refused: readonly { n: number; problem: Problem }[],
    submitted: { n: number; outcome: SubmitOutcome } | null,
  ): void {
    pauses.succeeded();
    const reasons = new Map(refused.map((r) => [r.n, r.problem.errors[0]?.message ?? r.problem.detail]));
    const lost = queue.filter((item) => reasons.has(item.n) && item.kind === 'op');
    drafts = [...drafts, ...lost.map((item) => ({ item, reason: reasons.get(item.n) ?? '' }))];
    const gone = new Set([...done.map((d) => d.n), ...refused.map((r) => r.n)]);
    if (submitted !== null) gone.add(submitted.n);
    // An acknowledged op whose broadcast is still on its way stays on top until it arrives, so that nothing flickers.
    // One that the server had already and this page does not see was broadcast and never came: it is fetched.
    const unseen = new Set(done.filter((d) => d.lseq === 0 && isUnseen(d.n)).map((d) => d.n));
    const held = new Set([...unseen, ...done.filter((d) => isAhead(d.n, d.lseq)).map((d) => d.n)]);
    for (const n of held) sender.markSent(n);
    setQueue(queue.filter((item) => !gone.has(item.n) || held.has(item.n)));
    if (submitted !== null) {
      waiting.get(submitted.n)?.(submitted.outcome);
      waiting.delete(submitted.n);
    }
    if (unseen.size > 0 && phase === 'live') void join();
    leaveIfDone();
  }

  function isUnseen(n: number): boolean {
    const item = queue.find((i) => i.n === n);
    if (item?.kind !== 'op') return false;
    const base = replica.confirmed(item.layer) ?? emptyLayer(item.layer);
    const then = rebase(base, [{ n, by: me, at: clock.now(), op: item.op }]);
    return !sameJson([annotationOf(base), base.comments], [annotationOf(then), then.comments]);
  }

  function isAhead(n: number, lseq: number): boolean {
    const item = queue.find((i) => i.n === n);
    return item?.kind === 'op' && lseq > (replica.confirmed(item.layer)?.lseq ?? 0);
  }

  function push(layer: LayerId, ops: readonly ClientOp[]): void {
    let next = queue;
    for (const op of ops) {
      const result = enqueueOp(next, { n: lastN + 1, kind: 'op', layer, op }, sender.sentUpTo());
      if (!result.folded) lastN += 1;
      next = result.queue;
    }
    setQueue(next);
    sender.wake();
  }

  function leaveIfDone(): void {
    if (closing && queue.length === 0) leave();
  }
  function leave(): void {
    stop();
    sender.pause();
    presence.close();
    transport.leave({ task, release: giveBack });
    listeners.clear();
    options.onLeft?.();
  }

  return {
    task,
    mode,
    client,
    joined,
    view: () => view,
    ownLayer: () => own,
    layer: (id) => replica.layer(id),
    layerIds: () => replica.ids(),
    saveState: () =>
      saveStateOf({ phase, joined: everJoined, unsent: queue.length, refusals: drafts, problem }),
    drafts: () => drafts,
    presence: () => presence,
    canUndo: () => undo.canUndo(),
    canRedo: () => undo.canRedo(),
    dispatch(layer, ops, group) {
      if (!everJoined) throw new Error('the room has not been entered yet');
      for (const op of ops) {
        undo.record(replica.layer(layer) ?? emptyLayer(layer), op, group ?? null);
        push(layer, [op]);
      }
    },
    undo: () => undo.undo(),
    redo: () => undo.redo(),
    submit(leadTimeMs) {
      const n = ++lastN;
      const outcome = new Promise<SubmitOutcome>((resolve) => waiting.set(n, resolve));
      setQueue([...queue, { n, kind: 'submit', leadTimeMs: Math.round(leadTimeMs) }]);
      sender.flushNow();
      return outcome;
    },
    async withdraw() {
      const n = ++lastN;
      return transport.withdraw({ task, client, n });
    },
    skip: (reason) => transport.skip({ task, reason }),
    async resolve(reason, basedOn, spentMs) {
      const revision = view?.revision;
      await sender.drained();
      const n = ++lastN;
      return transport.resolve({ task, client, n, reason, basedOn, spentMs: Math.round(spentMs), revision });
    },
    settleDraft(n, how) {
      const draft = drafts.find((d) => d.item.n === n);
      if (draft === undefined) return;
      drafts = drafts.filter((d) => d !== draft);
      if (how === 'retry' && draft.item.kind === 'op') push(draft.item.layer, [draft.item.op]);
      persist();
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close(how) {
      closing = true;
      giveBack = how === 'give-back' && queue.length === 0;
      if (how === 'now' || queue.length === 0) leave();
    },
  };
}
