import { existsSync } from 'node:fs';
import { ConcordError } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import { type PublicUser, type Role, role as roleSchema } from '@concord/core/records/user';
import { dataFiles, loadConfig } from '@concord/platform/config/config';
import { silentLogger } from '@concord/platform/observability/logger';
import { type Command, Option } from 'commander';
import { createPeople } from '../../people/index.ts';
import { closePlatform, openPlatform } from '../../start/adapters.ts';
import { type ConnectionOptions, connect, everyPage, withConnection } from '../connection.ts';
import { createOutput, type Output, table } from '../output.ts';

interface AddOptions extends ConnectionOptions {
  readonly role: string;
  readonly display?: string;
  readonly data?: string;
}

interface Made {
  readonly user: PublicUser;
  readonly key: string;
}

export function userCommands(program: Command): void {
  const user = program.command('user').description('people and programs');

  withConnection(user.command('add'))
    .argument('<name>', 'sign-in name')
    .description(
      'add a person or program and print its API key; without --key it is written into the data folder of this machine, whether its server runs or not. A folder without data is only taken when --data or CONCORD_DATA names it',
    )
    .addOption(
      new Option('--role <role>', 'what they may do').choices(roleSchema.options).default('annotator'),
    )
    .option('--display <name>', 'the name others see')
    .option('--data <folder>', 'the data folder (CONCORD_DATA, ./data)')
    .action(async (name: string, options: AddOptions) => {
      const input = {
        name,
        role: parseInput(roleSchema, options.role, 'role'),
        ...(options.display === undefined ? {} : { display: options.display }),
      };
      const made = options.key
        ? await connect(options).api.post<Made>('/users', input)
        : await addToFolder(input, options.data, createOutput(options.json));
      createOutput(options.json).result(made, `${made.user.name} (${made.user.role}): ${made.key}`);
    });

  withConnection(user.command('list'))
    .description('who is here')
    .action(async (options: ConnectionOptions) => {
      const { api, output } = connect(options);
      const users: PublicUser[] = [];
      for await (const one of everyPage<PublicUser>(api, '/users')) users.push(one);
      output.result(
        users,
        table(
          ['name', 'role', 'active', 'id'],
          users.map((u) => [u.name, u.role, u.active ? 'yes' : 'no', u.id]),
        ),
      );
    });
}

/**
 * Who may write the data folder may add anybody; a running server sees the new user at once. Where nobody has named a folder
 * and there is no data here, we stand in the wrong place: a key made there would open nothing.
 */
async function addToFolder(
  input: { name: string; role: Role; display?: string },
  data: string | undefined,
  output: Output,
): Promise<Made> {
  const config = loadConfig(data === undefined ? [] : ['--data', data]);
  if (!existsSync(dataFiles(config.data).store)) {
    const named = data !== undefined || config.data !== loadConfig([], {}).data;
    if (!named)
      throw new ConcordError(
        'input.invalid',
        `There is no Concord data in ${config.data}. Name the data folder with --data FOLDER or CONCORD_DATA, or give --key to add to a running server.`,
      );
    output.note(`${config.data} holds no data yet; it does now.`);
  }
  const platform = await openPlatform(config, silentLogger);
  const people = createPeople(platform);
  try {
    const { user, key } = await people.createUser(input);
    return { user: people.toPublic(user), key };
  } finally {
    people.close();
    await closePlatform(platform);
  }
}
