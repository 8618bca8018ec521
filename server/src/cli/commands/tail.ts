import type { Problem } from '@concord/core/errors/concord-error';
import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import type { Command } from 'commander';
import { ProblemError } from '../api-client.ts';
import { type Connection, type ConnectionOptions, connect, withConnection } from '../connection.ts';
import { UnreachableError } from '../exit-codes.ts';
import { readServerSentEvents } from '../server-sent-events.ts';

interface TailOptions extends ConnectionOptions {
  readonly after?: string;
  readonly types?: string;
  readonly project?: string;
  readonly limit?: string;
}

const firstDelayMs = 500;
const longestDelayMs = 15_000;

export function tailCommand(program: Command): void {
  withConnection(program.command('tail'))
    .description(
      'follow what happens, one CloudEvent a line; goes on after a cut where it stopped. Each line has its position: give the last one as --after to resume later',
    )
    .option('--after <position>', 'start after this position; 0 from the beginning; now when left out')
    .option('--types <list>', 'event types with commas between, such as concord.item.finalized.v1')
    .option('--project <id>', 'of one project only')
    .option('--limit <n>', 'end after so many events')
    .action(async (options: TailOptions) => tail(connect(options), options));
}

/** Follows the stream until the limit or the end of the process. Only a server that refuses us ends it with an error. */
async function tail(connection: Connection, options: TailOptions): Promise<void> {
  let after = options.after ?? null;
  let left = options.limit === undefined ? Number.POSITIVE_INFINITY : Number(options.limit);
  let delayMs = firstDelayMs;
  while (left > 0) {
    const stop = new AbortController();
    try {
      const query = new URLSearchParams({
        ...(after === null ? {} : { after }),
        ...(options.types === undefined ? {} : { types: options.types }),
        ...(options.project === undefined ? {} : { project: options.project }),
      });
      const response = await connection.api.raw('GET', `/events?${query}`, { signal: stop.signal });
      if (!response.ok || !response.body)
        throw new ProblemError((await response.json()) as Problem, 'GET /events');
      delayMs = firstDelayMs;
      for await (const message of readServerSentEvents(response.body)) {
        if (message.id !== null) after = message.id;
        const event = JSON.parse(message.data) as object;
        process.stdout.write(`${JSON.stringify({ position: Number(message.id), ...event })}\n`);
        left -= 1;
        if (left <= 0) break;
      }
    } catch (error) {
      if (error instanceof ProblemError && !error.problem.retry) throw error;
      if (error instanceof UnreachableError && after === null && options.after === undefined) throw error;
    } finally {
      stop.abort();
    }
    if (left <= 0) return;
    connection.output.note(`The stream was cut; again in ${delayMs / 1000} s.`);
    await new Promise<void>((resolve) => systemClock.after(delayMs, resolve));
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }
}
