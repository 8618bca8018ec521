import { existsSync } from 'node:fs';
import { ConcordError } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import { type PublicUser, role as roleSchema } from '@concord/core/records/user';
import { dataFiles, loadConfig } from '@concord/platform/config/config';
import { silentLogger } from '@concord/platform/observability/logger';
import { type Command, Option } from 'commander';
import { createPeople, normalName, type People } from '../../people/index.ts';
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
      'add a person or program and print its API key; without --key it is written straight into the store (the data folder of this machine, or CONCORD_STORE), whether a server runs or not. A data folder is made where --data or CONCORD_DATA names one',
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
        : await inFolder(options.data, async (people) => {
            const { user, key } = await people.createUser(input);
            return { user: people.toPublic(user), key };
          });
      createOutput(options.json).result(made, `${made.user.name} (${made.user.role}): ${made.key}`);
    });

  withConnection(user.command('reset'))
    .argument('<name>', 'sign-in name')
    .description(
      'print a link with which somebody sets a new password, once, within a day; without --key it is made in the data folder of this machine, for an administrator who is locked out',
    )
    .option('--data <folder>', 'the data folder (CONCORD_DATA, ./data)')
    .action(async (name: string, options: ConnectionOptions & { readonly data?: string }) => {
      const path = options.key
        ? await resetOverHttp(name, options)
        : await inFolder(options.data, async (people) => {
            const user = await people.findUser(name);
            if (user === null) throw nobody(name);
            return `/reset/${(await people.createReset(user.id, null)).token}`;
          });
      const url = `${options.url.replace(/\/+$/, '')}${path}`;
      createOutput(options.json).result({ url, path }, url);
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

async function resetOverHttp(name: string, options: ConnectionOptions): Promise<string> {
  const { api } = connect(options);
  for await (const one of everyPage<PublicUser>(api, '/users'))
    if (one.name === normalName(name))
      return (await api.post<{ path: string }>(`/users/${one.id}/resets`)).path;
  throw nobody(name);
}

function nobody(name: string): ConcordError {
  return new ConcordError(
    'not_found',
    `Nobody has the name ${name}. \`concord user list\` shows who is here.`,
  );
}

/**
 * Who may write the data folder may do anything to accounts; a running server sees it at once. Where nobody has named a
 * folder and there is no data here, we stand in the wrong place: a key made there would open nothing.
 */
async function inFolder<T>(data: string | undefined, work: (people: People) => Promise<T>): Promise<T> {
  const config = loadConfig(data === undefined ? [] : ['--data', data]);
  const named = data !== undefined || config.data !== loadConfig([], {}).data;
  if (!named && config.store.kind === 'sqlite' && !existsSync(dataFiles(config.data).store))
    throw new ConcordError(
      'input.invalid',
      `There is no Concord data in ${config.data}. Name the data folder with --data FOLDER or CONCORD_DATA, or give --key to speak to a running server.`,
    );
  const platform = await openPlatform(config, silentLogger);
  const people = createPeople(platform);
  try {
    return await work(people);
  } finally {
    people.close();
    await closePlatform(platform);
  }
}
