import type { Command } from 'commander';
import { serve } from '../../start/serve.ts';

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .argument('[options...]', 'see `concord serve --help`')
    .allowUnknownOption()
    .helpOption(false)
    .description('run the server with its workers')
    .action(async (_options: string[], _all: unknown, command: Command) => serve(command.args));
}
