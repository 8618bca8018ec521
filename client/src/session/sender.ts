import type { Problem } from '@concord/core/errors/concord-error';
import type { TaskId } from '@concord/core/records/ids';
import { nextBatch, type QueueItem } from './queue.ts';
import type { SessionClock, SubmitOutcome } from './session.ts';
import type { RoomTransport } from './transport.ts';

/** What is gathered within one frame goes in one message. */
const gatherMs = 16;

/**
 * Sends the queue, one request at a time and in order. It never drops anything: what was answered is reported, what
 * was not is sent again after the next join.
 */
export interface Sender {
  /** Something was queued; it goes within a frame. */
  wake(): void;
  /** Something was queued that the person waits for; it goes now. */
  flushNow(): void;
  /** Nothing is sent until `resume`; answers that come in meanwhile still count. */
  pause(): void;
  resume(): void;
  /** The highest n the server may have seen; items up to it must not change any more. */
  sentUpTo(): number;
  /** This n was answered and only waits for its broadcast: do not send it again. */
  markSent(n: number): void;
  /** What `markSent` named since the last `resume`. */
  answered(): readonly number[];
  /** Resolves when nothing is queued and nothing under way. */
  drained(): Promise<void>;
}

export interface SenderOptions {
  readonly task: TaskId;
  readonly client: string;
  readonly transport: RoomTransport;
  readonly clock: SessionClock;
  readonly queue: () => readonly QueueItem[];
  readonly isLive: () => boolean;
  readonly onSent: (
    done: readonly { n: number; lseq: number }[],
    refused: readonly { n: number; problem: Problem }[],
    submitted: { n: number; outcome: SubmitOutcome } | null,
  ) => void;
  readonly onLost: () => void;
}

export function createSender(options: SenderOptions): Sender {
  const { task, client, transport, clock } = options;
  const answered = new Set<number>();
  let underWay = false;
  let scheduled: (() => void) | null = null;
  let highest = 0;
  let round = 0;
  let idle: (() => void)[] = [];

  const unsent = (): readonly QueueItem[] => options.queue().filter((item) => !answered.has(item.n));

  function schedule(ms: number): void {
    if (scheduled !== null || underWay || !options.isLive()) return;
    scheduled = clock.after(ms, () => {
      scheduled = null;
      void send();
    });
  }

  function settled(): void {
    if (unsent().length > 0 || underWay) return;
    const told = idle;
    idle = [];
    for (const tell of told) tell();
  }

  async function send(): Promise<void> {
    if (underWay || !options.isLive()) return;
    const batch = nextBatch(unsent());
    if (batch === null) return settled();
    underWay = true;
    const mine = ++round;
    const last = batch.kind === 'ops' ? batch.ops[batch.ops.length - 1]!.n : batch.item.n;
    highest = Math.max(highest, last);
    const lost = await (batch.kind === 'ops' ? sendOps(batch.ops) : sendSubmit(batch.item));
    // A join came in between and started over; its `acked` covers this request too.
    if (mine !== round) return;
    underWay = false;
    if (lost) return options.onLost();
    if (unsent().length > 0) schedule(0);
    else settled();
  }

  async function sendOps(ops: readonly Extract<QueueItem, { kind: 'op' }>[]): Promise<boolean> {
    const reply = await transport.ops({
      task,
      client,
      ops: ops.map(({ n, layer, op }) => ({ n, layer, op })),
    });
    if (reply.ok === 'lost') return true;
    if (reply.ok) options.onSent(reply.acked, reply.refused, null);
    else if (reply.problem.retry) return true;
    else
      options.onSent(
        [],
        ops.map(({ n }) => ({ n, problem: reply.problem })),
        null,
      );
    return false;
  }

  async function sendSubmit(item: Extract<QueueItem, { kind: 'submit' }>): Promise<boolean> {
    const reply = await transport.submit({ task, client, n: item.n, leadTimeMs: item.leadTimeMs });
    if (reply.ok === 'lost' || (!reply.ok && reply.problem.retry)) return true;
    const outcome: SubmitOutcome = reply.ok
      ? { kind: 'submitted', submissionId: reply.submissionId, state: reply.state }
      : { kind: 'refused', problem: reply.problem };
    options.onSent([], [], { n: item.n, outcome });
    return false;
  }

  return {
    wake: () => schedule(gatherMs),
    flushNow() {
      scheduled?.();
      scheduled = null;
      void send();
    },
    pause() {
      scheduled?.();
      scheduled = null;
      round += 1;
      underWay = false;
    },
    resume() {
      answered.clear();
      schedule(0);
      settled();
    },
    sentUpTo: () => highest,
    markSent: (n) => {
      answered.add(n);
    },
    answered: () => [...answered],
    drained: () =>
      new Promise((resolve) => {
        if (unsent().length === 0 && !underWay) return resolve();
        idle.push(resolve);
      }),
  };
}
