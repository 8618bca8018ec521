import type { DeadLetterItem } from '@concord/core/protocol/resources';
import type { Command } from 'commander';
import { type ConnectionOptions, connect, withConnection } from '../connection.ts';
import { table } from '../output.ts';

interface LetterOptions extends ConnectionOptions {
  readonly consumer?: string;
  readonly replay: boolean;
}

export function busCommands(program: Command): void {
  const bus = program.command('bus').description('the stream of facts, for administrators');

  withConnection(bus.command('dead-letters'))
    .description('events that a consumer (such as the versioning worker) could not use, with the reason')
    .option('--consumer <name>', 'of one consumer only')
    .option('--replay', 'deliver them once more, after the cause was mended', false)
    .action(async (options: LetterOptions) => {
      const { api, output } = connect(options);
      if (options.replay) {
        const body = options.consumer === undefined ? {} : { consumer: options.consumer };
        const answer = await api.post<{ replayed: number }>('/events/dead-letters/replay', body);
        output.result(answer, `${answer.replayed} delivered once more; those that fail again come back here`);
        return;
      }
      const query = options.consumer === undefined ? '' : `?consumer=${encodeURIComponent(options.consumer)}`;
      const { items } = await api.get<{ items: DeadLetterItem[] }>(`/events/dead-letters${query}`);
      const rows = items.map((letter) => [
        letter.consumer,
        letter.position,
        letter.id ?? '(unreadable)',
        letter.reason,
      ]);
      const head = ['consumer', 'position', 'event', 'reason'];
      output.result(items, rows.length === 0 ? 'No dead letters.' : table(head, rows));
    });
}
