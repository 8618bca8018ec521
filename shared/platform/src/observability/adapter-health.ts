import type { Clock } from '../ports/clock.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** `retrying` at the first failure, `down` when it has lasted. */
export type AdapterState = 'ok' | 'retrying' | 'down';

export interface AdapterReport {
  readonly adapter: string;
  readonly state: AdapterState;
  /** When this state began, ms. */
  readonly since: number;
  /** What was wrong last, in one line; null when nothing ever was. */
  readonly error: string | null;
}

export interface AdapterHealth {
  reports(): readonly AdapterReport[];
  /** Asks all of them once, then each second. */
  start(): Promise<void>;
  stop(): void;
}

/** Every adapter is asked this often … */
const EVERY_MS = 1_000;
/** … and takes no longer to answer. */
const ANSWER_MS = 2_000;
const DOWN_AFTER_MS = 5_000;
const levels: Readonly<Record<AdapterState, number>> = { ok: 0, retrying: 1, down: 2 };

/**
 * Watches what this process stands on: each probe is a small question that resolves when its adapter works. Every change
 * is a line in the log, the present state a figure in the metrics.
 */
export function createAdapterHealth(
  probes: Readonly<Record<string, () => Promise<unknown>>>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  metrics: Metrics,
): AdapterHealth {
  const gauge = metrics.gauge(
    'concord_adapter_state',
    'What the server stands on: 0 works, 1 is being retried, 2 is down',
    ['adapter'],
  );
  const states = new Map<string, { report: AdapterReport; failingSince: number | null }>();
  const asked = new Set<string>();
  let stopped = false;
  let cancel: () => void = () => {};

  function set(adapter: string, state: AdapterState, error: string | null): void {
    const known = states.get(adapter)?.report;
    const since = known?.state === state ? known.since : clock.now();
    const report = { adapter, state, since, error: error ?? known?.error ?? null };
    const failingSince = state === 'ok' ? null : (states.get(adapter)?.failingSince ?? clock.now());
    states.set(adapter, { report, failingSince });
    gauge.set(levels[state], { adapter });
    if (known?.state === state || (known === undefined && state === 'ok')) return;
    if (state === 'ok')
      logger.info({ adapter, afterMs: clock.now() - (known?.since ?? 0) }, `the ${adapter} works again`);
    else logger.warn({ adapter, state, error }, `the ${adapter} does not work`);
  }

  function failed(adapter: string, error: unknown): void {
    const failingSince = states.get(adapter)?.failingSince ?? clock.now();
    const lasted = clock.now() - failingSince >= DOWN_AFTER_MS;
    set(adapter, lasted ? 'down' : 'retrying', lineOf(error));
  }

  /** An answer that does not come in time counts as none; the next question waits until it came after all. */
  async function ask(adapter: string, probe: () => Promise<unknown>): Promise<void> {
    if (asked.has(adapter)) return failed(adapter, new Error('does not answer'));
    asked.add(adapter);
    let late = false;
    const answer = probe().finally(() => asked.delete(adapter));
    const limit = new Promise<void>((done) => {
      const over = clock.after(ANSWER_MS, () => {
        late = true;
        done();
      });
      answer.then(over, over);
    });
    await Promise.race([
      limit,
      answer.then(
        () => late || set(adapter, 'ok', null),
        (error: unknown) => late || failed(adapter, error),
      ),
    ]);
    if (late) failed(adapter, new Error('does not answer'));
  }

  async function round(): Promise<void> {
    await Promise.all(Object.entries(probes).map(([adapter, probe]) => ask(adapter, probe)));
    if (!stopped) cancel = clock.after(EVERY_MS, () => void round());
  }

  return {
    reports: () => Object.keys(probes).flatMap((adapter) => states.get(adapter)?.report ?? []),
    start: round,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

function lineOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
