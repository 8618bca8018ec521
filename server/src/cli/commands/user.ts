import { parseInput } from '@concord/core/errors/parse';
import { type PublicUser, type Role, role as roleSchema } from '@concord/core/records/user';
import { loadConfig } from '@concord/platform/config/config';
import { silentLogger } from '@concord/platform/observability/logger';
import { type Command, Option } from 'commander';
import { createPeople } from '../../people/index.ts';
import { closePlatform, openPlatform } from '../../start/adapters.ts';
import { type ConnectionOptions, connect, everyPage, withConnection } from '../connection.ts';
import { createOutput, table } from '../output.ts';

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
      'add a person or program and print its API key; without --key it is written straight into the store (the data folder of this machine, or CONCORD_STORE), whether a server runs or not',
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
        : await addToStore(input, options.data);
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

/** Who may write the store may add anybody; a running server sees the new user at once. */
async function addToStore(
  input: { name: string; role: Role; display?: string },
  data: string | undefined,
): Promise<Made> {
  const config = loadConfig(data === undefined ? [] : ['--data', data]);
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
