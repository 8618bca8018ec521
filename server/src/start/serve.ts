import { isConcordError } from '@concord/core/errors/concord-error';
import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import { configHelp, loadConfig } from '@concord/platform/config/config';
import { type Running, run } from './run.ts';

/** Exit codes of `concord serve`. 0: stopped cleanly. */
export const exitCodes = {
  failed: 1,
  usage: 2,
  portTaken: 3,
  dataFolder: 4,
  diskFailed: 8,
} as const;

/** Starts the server for these arguments and stays until it is told to stop. Prints what a person needs, nothing else. */
export async function serve(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(`${configHelp().trimEnd()}\n`);
    return;
  }
  let running: Running;
  let stop: () => void = () => {};
  try {
    const config = loadConfig(argv);
    running = await run(config, { pretty: process.stdout.isTTY === true }, () => stop());
    void running.broken.then((error) => endOnDisk(config.data, error));
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(`${lineOf(error)}\n`);
    return;
  }
  // Before anything is said: who reads the address may stop us at once.
  stop = stopOnSignals(running);
  process.stdout.write(`Concord is at ${running.url}\n`);
  if (running.joinUrl)
    process.stdout.write(`Sign in as the first administrator (once, within 7 days): ${running.joinUrl}\n`);
}

/**
 * What a failed disk holds, nobody knows; what this process believes may be ahead of it or behind. So it goes, and the next
 * one reads everything from disk. Whoever runs a server for others lets something start it again.
 */
function endOnDisk(data: string, error: Error): void {
  process.stderr.write(
    `Writing to ${data} failed for good (${error.message}): nothing more can be kept, so Concord ends. ` +
      'What was acknowledged is on disk. Look after the disk, then start again.\n',
  );
  process.exit(exitCodes.diskFailed);
}

/** Stops on SIGINT and SIGTERM; a second one forces it. Returns what stops as the first one does. */
function stopOnSignals(running: Running): () => void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    process.stdout.write('Stopping: rooms are written, then the server ends. Once more forces it.\n');
    const cancelLimit = systemClock.after(running.stopLimitMs, () => {
      process.stderr.write(
        `It took longer than ${running.stopLimitMs / 1000} s and was cut short; what was acknowledged is in the log.\n`,
      );
      process.exit(exitCodes.failed);
    });
    running.stop().then(
      () => {
        cancelLimit();
        process.exit(0);
      },
      (error: unknown) => {
        process.stderr.write(`${lineOf(error)}\n`);
        process.exit(exitCodes.failed);
      },
    );
  };
  const onSignal = () => (stopping ? process.exit(exitCodes.failed) : stop());
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop;
}

/** Problems people can mend are one line; others come with where they happened. */
function lineOf(error: unknown): string {
  if (isConcordError(error) && error.code !== 'internal') return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function exitCodeOf(error: unknown): number {
  if (!isConcordError(error)) return exitCodes.failed;
  if (error.errors[0]?.path === 'port' && error.code === 'conflict') return exitCodes.portTaken;
  if (error.code === 'input.invalid') return exitCodes.usage;
  return ['conflict', 'precondition', 'auth.forbidden', 'overloaded'].includes(error.code)
    ? exitCodes.dataFolder
    : exitCodes.failed;
}
