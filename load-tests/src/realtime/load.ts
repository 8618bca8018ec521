import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@concord/core/testing/fixtures';
import type { Crowd } from './crowd.ts';
import type { Driver, Lane } from './drivers/driver.ts';
import { createHistogram } from './histogram.ts';

export interface Load {
  readonly lane: Lane;
  readonly amount:
    | {
        /** Every author sends as soon as fewer than `window` of its ops are not acknowledged, or not with everybody. */
        readonly kind: 'saturate';
        readonly until: 'acked' | 'delivered';
        readonly window: number;
      }
    | {
        /** Ops fall due at even times, by authors drawn by lot, however the server does; their times count from then. */
        readonly kind: 'fixed';
        readonly opsPerSecond: number;
      };
  /** Milliseconds from one message of a connection to its next, for those who gather. */
  readonly gapMs: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  readonly seed: number;
}

export interface LoadFigures {
  readonly seconds: number;
  readonly acks: number;
  readonly deliveries: number;
  /** Milliseconds from due (or sent) to acknowledged, and to each of the others. */
  readonly ackMs: { readonly p50: number; readonly p99: number };
  readonly deliveryMs: { readonly p50: number; readonly p99: number };
  readonly opsPerMessage: number;
  /** Ops that fell due and were not sent, since a whole ring of this author's was on its way. */
  readonly leftOut: number;
}

/** Ops of one author that may be on their way; a power of two. */
const RING = 1024;
const DRAIN_MS = 30_000;

/**
 * Puts a load on the server for a while. `around` is called when the measured part begins and when it ends. Returns when all that
 * was sent has arrived everywhere, so that one load leaves nothing to the next.
 */
export async function runLoad(
  crowd: Crowd,
  driver: Driver,
  load: Load,
  around: { begin(): void; end(): void },
): Promise<LoadFigures> {
  const { authors, sent, lines } = crowd;
  const others = crowd.people - 1;
  const isAcked = load.lane === 'ops' || driver.acksRelays;
  const acked = Int32Array.from(sent);
  const startedAt = Int32Array.from(sent);
  const received = new Float64Array(authors);
  const due = new Float64Array(authors * RING);
  /** Ops that fell due and wait to be sent; only of a fixed load. */
  const wanted = new Int32Array(authors);
  const sentAtMs = new Float64Array(authors);
  const isQueued = new Uint8Array(authors);
  const ackTimes = createHistogram();
  const deliveryTimes = createHistogram();
  let queue: number[] = [];
  let held: number[] = [];
  let holding = false;
  let scheduled = false;
  let running = true;
  let acks = 0;
  let deliveries = 0;
  let leftOut = 0;
  let ops = 0;
  let messages = 0;
  const slot = (author: number, n: number) => author * RING + (n & (RING - 1));

  function onTheWay(author: number): number {
    const unacked = isAcked ? sent[author]! - acked[author]! : 0;
    const unseen = Math.ceil(((sent[author]! - startedAt[author]!) * others - received[author]!) / others);
    if (load.amount.kind === 'fixed') return Math.max(unacked, unseen);
    return load.amount.until === 'acked' ? unacked : unseen;
  }

  function wake(author: number): void {
    if (!running || isQueued[author] === 1) return;
    isQueued[author] = 1;
    queue.push(author);
    if (scheduled) return;
    scheduled = true;
    setImmediate(pump);
  }

  /** Sends for all who may; those who sent a moment ago wait for the rest of their gap and gather. */
  function pump(): void {
    scheduled = false;
    const now = performance.now();
    const list = queue;
    queue = [];
    for (const author of list) {
      const soon = driver.gathers && now - sentAtMs[author]! < load.gapMs;
      if (soon) {
        held.push(author);
        continue;
      }
      isQueued[author] = 0;
      if (running) sendFor(author, now);
    }
    if (held.length === 0 || holding) return;
    holding = true;
    setTimeout(release, 1);
  }

  function release(): void {
    holding = false;
    queue.push(...held);
    held = [];
    if (!scheduled) pump();
  }

  function sendFor(author: number, now: number): void {
    if (driver.oneInFlight && sent[author] !== acked[author]) return;
    const fixed = load.amount.kind === 'fixed';
    const free = load.amount.kind === 'fixed' ? wanted[author]! : load.amount.window - onTheWay(author);
    const count = driver.oneInFlight ? Math.min(1, free) : free;
    if (count <= 0) return;
    const first = sent[author]! + 1;
    if (!fixed) for (let n = first; n < first + count; n++) due[slot(author, n)] = now;
    if (fixed) wanted[author]! -= count;
    sent[author] = first + count - 1;
    sentAtMs[author] = now;
    ops += count;
    messages += driver.gathers ? 1 : count;
    lines[author]!.send(load.lane, first, count);
  }

  crowd.listen({
    acked(author, n) {
      const from = acked[author]! + 1;
      if (n < from) return;
      const now = performance.now();
      for (let i = from; i <= n; i++) ackTimes.record(now - due[slot(author, i)]!);
      acks += n - from + 1;
      acked[author] = n;
      wake(author);
    },
    delivered(author, n) {
      deliveryTimes.record(performance.now() - due[slot(author, n)]!);
      deliveries += 1;
      received[author]! += 1;
      if (load.amount.kind === 'saturate' && load.amount.until === 'delivered') wake(author);
    },
  });

  const random = seededRandom(load.seed);
  function startFixed(opsPerSecond: number): void {
    const everyMs = 1000 / opsPerSecond;
    let next = performance.now();
    const tick = () => {
      if (!running) return;
      for (const now = performance.now(); next <= now; next += everyMs) {
        const author = Math.floor(random() * authors);
        if (onTheWay(author) + wanted[author]! >= RING) leftOut += 1;
        else {
          wanted[author]! += 1;
          due[slot(author, sent[author]! + wanted[author]!)] = next;
          wake(author);
        }
      }
      // No timer is fine enough for these times: the generator turns round and round on its own core.
      setImmediate(tick);
    };
    tick();
  }

  if (load.amount.kind === 'fixed') startFixed(load.amount.opsPerSecond);
  else for (let author = 0; author < authors; author++) wake(author);

  await sleep(load.warmupMs);
  crowd.check();
  ackTimes.clear();
  deliveryTimes.clear();
  const before = { at: performance.now(), acks, deliveries, leftOut, ops, messages };
  around.begin();
  await sleep(load.measureMs);
  around.end();
  const figures: LoadFigures = {
    seconds: (performance.now() - before.at) / 1000,
    acks: acks - before.acks,
    deliveries: deliveries - before.deliveries,
    ackMs: { p50: ackTimes.at(0.5), p99: ackTimes.at(0.99) },
    deliveryMs: { p50: deliveryTimes.at(0.5), p99: deliveryTimes.at(0.99) },
    opsPerMessage: (ops - before.ops) / (messages - before.messages),
    leftOut: leftOut - before.leftOut,
  };
  running = false;

  const total = () => sent.reduce((sum, n, author) => sum + n - startedAt[author]!, 0);
  const end = performance.now() + DRAIN_MS;
  const done = () => deliveries >= total() * others && (!isAcked || sent.every((n, i) => n === acked[i]));
  while (!done()) {
    crowd.check();
    if (performance.now() > end)
      throw new Error(
        `${total()} ops were sent; ${acks} acknowledgements and ${deliveries} of ${total() * others} deliveries came`,
      );
    await sleep(5);
  }
  if (deliveries > total() * others) throw new Error(`${deliveries} deliveries of ${total() * others}`);
  crowd.check();
  return figures;
}
