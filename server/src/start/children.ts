import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { childEnvironment } from '@concord/platform/config/child-environment';
import type { Logger } from '@concord/platform/observability/logger';
import type { Clock } from '@concord/platform/ports/clock';

const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** Who ran this long starts again without delay. */
const steadyMs = 60_000;
/** How long a worker may take to stop by itself. */
const stopMs = 3_000;

export interface ChildOptions {
  readonly name: string;
  /** The built script. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A worker process that is kept running. */
export interface KeptChild {
  readonly name: string;
  /** Its pid, or null while it does not run. */
  pid(): number | null;
  /** Asks it to stop, insists after 3 s. */
  stop(): Promise<void>;
}

/**
 * Starts a worker and starts it again when it ends, after a delay that doubles up to 30 s. The worker hears
 * `disconnect` when this process dies, however it dies, and stops then.
 */
export function keepRunning(options: ChildOptions, clock: Clock, logger: Logger): KeptChild {
  const { name, script } = options;
  let child: ChildProcess | null = null;
  let stopping = false;
  let delayMs = firstDelayMs;
  let cancelRestart: (() => void) | null = null;

  function start(): void {
    cancelRestart = null;
    const startedAt = clock.now();
    const started = fork(script, [], { env: childEnvironment(options.environment) });
    child = started;
    let over = false;
    const ended = (why: string) => {
      if (over) return;
      over = true;
      child = null;
      if (stopping) return;
      if (clock.now() - startedAt > steadyMs) delayMs = firstDelayMs;
      logger.warn({ worker: name, why, againInMs: delayMs }, `the ${name} worker ended; it is started again`);
      cancelRestart = clock.after(delayMs, start);
      delayMs = Math.min(delayMs * 2, longestDelayMs);
    };
    started.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
    started.once('error', (error) => ended(error.message));
  }

  if (existsSync(script)) start();
  else logger.warn({ script }, `the ${name} worker is not built and does not run: npm run build`);

  return {
    name,
    pid: () => child?.pid ?? null,
    async stop() {
      stopping = true;
      cancelRestart?.();
      const running = child;
      if (!running || running.exitCode !== null) return;
      await new Promise<void>((resolve) => {
        const insist = clock.after(stopMs, () => running.kill('SIGKILL'));
        running.once('exit', () => {
          insist();
          resolve();
        });
        running.kill('SIGTERM');
      });
    },
  };
}
