import { readFile } from 'node:fs/promises';
import { runCase } from '@concord/core/consensus/quality-cases';
import { parseInput } from '@concord/core/errors/parse';
import type { Command } from 'commander';
import { z } from 'zod';

const suite = z.object({
  suite: z.string(),
  cases: z.array(z.looseObject({ id: z.string(), op: z.string() })),
});

export function qualityCommands(program: Command): void {
  program
    .command('quality')
    .description('the mathematics of agreement and consensus')
    .command('run')
    .argument('<cases>', 'a file of cases: {"suite", "cases": [{"id", "op", "input", "params"}]}')
    .description('run every case and print {"id", "output"} (or {"id", "error"}), one line each')
    .option('--json', 'the output is JSON lines in any case')
    .action(async (file: string) => {
      const { suite: name, cases } = parseInput(suite, JSON.parse(await readFile(file, 'utf8')), file);
      for (const one of cases) {
        const id = `${name}/${one.id}`;
        try {
          process.stdout.write(`${JSON.stringify({ id, output: runCase(one) })}\n`);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          process.stdout.write(`${JSON.stringify({ id, error: message })}\n`);
        }
      }
    });
}
