import { toProblem } from '@concord/core/errors/concord-error';
import { Command, CommanderError } from 'commander';
import { ProblemError } from './api-client.ts';
import { busCommands } from './commands/bus.ts';
import { dataCommands } from './commands/data.ts';
import { datasetCommands } from './commands/dataset.ts';
import { doctorCommand } from './commands/doctor.ts';
import { inviteCommands } from './commands/invite.ts';
import { projectCommands } from './commands/project.ts';
import { qualityCommands } from './commands/quality.ts';
import { replayCommand } from './commands/replay.ts';
import { serveCommand } from './commands/serve.ts';
import { tailCommand } from './commands/tail.ts';
import { userCommands } from './commands/user.ts';
import { workerCommand } from './commands/worker.ts';
import {
  exitCodeOf,
  exitCodes,
  exitCodesHelp,
  fileProblemOf,
  isReaderGone,
  UnreachableError,
} from './exit-codes.ts';

const program = new Command('concord')
  .description('Concord: live labelling, agreement while people work, datasets versioned like source code')
  .showHelpAfterError('(concord --help says what there is)')
  .addHelpText('after', exitCodesHelp)
  .exitOverride();

serveCommand(program);
workerCommand(program);
userCommands(program);
inviteCommands(program);
projectCommands(program);
dataCommands(program);
datasetCommands(program);
tailCommand(program);
busCommands(program);
qualityCommands(program);
replayCommand(program);
doctorCommand(program);
for (const command of program.commands) {
  command.exitOverride();
  for (const below of command.commands) below.exitOverride();
}

process.stdout.on('error', (error) => {
  if (!isReaderGone(error)) report(error);
  process.exit(exitCodeOf(error));
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  else {
    if (!isReaderGone(error)) report(error);
    process.exitCode = exitCodeOf(error);
  }
}

/** One line for people; with --json the problem itself, as the API gives it. */
function report(error: unknown): void {
  const problem = error instanceof ProblemError ? error.problem : toProblem(error);
  const plain = error instanceof UnreachableError || problem.code === 'internal';
  const words = fileProblemOf(error) ?? (plain && error instanceof Error ? error.message : problem.detail);
  if (process.argv.includes('--json'))
    process.stderr.write(`${JSON.stringify({ ...problem, detail: words })}\n`);
  else {
    process.stderr.write(`${words}\n`);
    for (const field of problem.errors)
      process.stderr.write(`  ${field.path}: ${field.message}${field.remedy ? ` ${field.remedy}` : ''}\n`);
  }
}
