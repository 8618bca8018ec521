import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ConcordError } from '@concord/core/errors/concord-error';
import { Argument, type Command } from 'commander';
import { locations } from '../../start/locations.ts';

export function workerCommand(program: Command): void {
  program
    .command('worker')
    .addArgument(new Argument('<kind>').choices(['inference', 'versioning']))
    .argument('[options...]', 'passed on; see `concord worker <kind> -- --help`')
    .allowUnknownOption()
    .description('run one worker by itself, beside a server on another machine')
    .action(async (kind: 'inference' | 'versioning', options: string[]) => {
      const script = locations[kind]();
      if (!existsSync(script))
        throw new ConcordError('not_found', `The ${kind} worker is not built: run \`npm run build\`.`);
      process.exitCode = await runWorker(script, options);
    });
}

/** Runs until the worker ends; signals to us are for it. */
async function runWorker(script: string, options: readonly string[]): Promise<number> {
  const child = fork(script, [...options]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
