import type { Invite, Role } from '@concord/core/records/user';
import { type Command, Option } from 'commander';
import { type ConnectionOptions, connect, everyPage, withConnection } from '../connection.ts';
import { table } from '../output.ts';

interface AddOptions extends ConnectionOptions {
  readonly role: Role;
  readonly label?: string;
  readonly days: string;
}

const invited = ['annotator', 'super-reviewer', 'lead', 'admin'] as const satisfies readonly Role[];

export function inviteCommands(program: Command): void {
  const invite = program.command('invite').description('links that let one person in');

  withConnection(invite.command('add'))
    .description('make a link for one person')
    .addOption(new Option('--role <role>', 'what they may do').choices(invited).default('annotator'))
    .option('--label <text>', 'what it is for')
    .option('--days <n>', 'how long it works', '7')
    .action(async (options: AddOptions) => {
      const { api, output, url } = connect(options);
      const { role, label, days } = options;
      const made = await api.post<{ path: string; expiresAt: number }>('/invites', {
        role,
        days: Number(days),
        ...(label === undefined ? {} : { label }),
      });
      output.result(made, `${url}${made.path}`);
    });

  withConnection(invite.command('list'))
    .description('the links that were made, newest first')
    .action(async (options: ConnectionOptions) => {
      const { api, output } = connect(options);
      const invites: Invite[] = [];
      for await (const one of everyPage<Invite>(api, '/invites')) invites.push(one);
      const rows = invites.map((i) => [
        i.label,
        i.role,
        i.usedBy === null ? `until ${new Date(i.expiresAt).toISOString().slice(0, 16)}` : 'used',
        i.id,
      ]);
      output.result(invites, table(['label', 'role', 'works', 'id'], rows));
    });

  withConnection(invite.command('revoke'))
    .argument('<id>', 'as `concord invite list` shows it')
    .description('take a link back that nobody has used yet')
    .action(async (id: string, options: ConnectionOptions) => {
      const { api, output } = connect(options);
      output.result(await api.delete(`/invites/${encodeURIComponent(id)}`), 'It lets nobody in any more.');
    });
}
