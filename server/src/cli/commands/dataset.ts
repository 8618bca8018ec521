import type { CommitSummary } from '@concord/core/protocol/resources';
import type { Command } from 'commander';
import { type ConnectionOptions, connect, withConnection } from '../connection.ts';
import { table } from '../output.ts';
import { addExportOptions, exportTo } from './data.ts';

interface LogOptions extends ConnectionOptions {
  readonly project: string;
  readonly branch: string;
  readonly limit: string;
}

interface DiffOptions extends ConnectionOptions {
  readonly project: string;
  readonly limit: string;
}

interface Diff {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly records: readonly { key: string; change: string; fields: readonly string[] }[];
}

export function datasetCommands(program: Command): void {
  const dataset = program.command('dataset').description('versions of what is settled');

  withConnection(dataset.command('log'))
    .requiredOption('--project <id>')
    .option('--branch <name>', 'which branch', 'main')
    .option('--limit <n>', 'how many', '50')
    .description('the versions of a branch, newest first')
    .action(async (options: LogOptions) => {
      const { api, output } = connect(options);
      const query = new URLSearchParams({ branch: options.branch, limit: options.limit });
      const { items } = await api.get<{ items: CommitSummary[] }>(
        `/datasets/${options.project}/commits?${query}`,
      );
      const rows = items.map((c) => [
        c.id.slice(0, 12),
        new Date(c.at).toISOString(),
        `+${c.stats.added} ~${c.stats.changed} -${c.stats.removed}`,
        c.stats.total,
        c.message,
      ]);
      output.result(items, table(['commit', 'at', 'records', 'total', 'message'], rows));
    });

  withConnection(dataset.command('diff'))
    .argument('<from>')
    .argument('<to>')
    .requiredOption('--project <id>')
    .option('--limit <n>', 'how many records', '200')
    .description('what differs between two versions')
    .action(async (from: string, to: string, options: DiffOptions) => {
      const { api, output } = connect(options);
      const query = new URLSearchParams({ from, to, limit: options.limit });
      const diff = await api.get<Diff>(`/datasets/${options.project}/diff?${query}`);
      const rows = diff.records.map((r) => [r.change, r.key, r.fields.join(', ')]);
      const head = `+${diff.added} ~${diff.changed} -${diff.removed}`;
      output.result(diff, `${head}\n${table(['change', 'record', 'fields'], rows)}`);
    });

  addExportOptions(withConnection(dataset.command('export')))
    .description('a version as a file')
    .action((options) => exportTo({ ...options, tasks: false }));
}
