import { ConcordError } from '@concord/core/errors/concord-error';
import { type Command, Option } from 'commander';
import { type ApiClient, createApiClient } from './api-client.ts';
import { UnreachableError } from './exit-codes.ts';
import { createOutput, type Output } from './output.ts';

/** Options every command that talks to a server has. */
export interface ConnectionOptions {
  readonly url: string;
  readonly key?: string;
  readonly json: boolean;
}

export function withConnection(command: Command): Command {
  return withJson(command)
    .addOption(new Option('--url <url>', 'the server').env('CONCORD_URL').default('http://127.0.0.1:7300'))
    .addOption(new Option('--key <key>', 'an API key').env('CONCORD_TOKEN'));
}

export function withJson(command: Command): Command {
  return command.option('--json', 'answer in JSON, one value a line', false);
}

export interface Connection {
  readonly url: string;
  readonly api: ApiClient;
  readonly output: Output;
}

/** The API of the server that the options name. Throws `auth.required` without a key. */
export function connect(options: ConnectionOptions): Connection {
  if (!options.key)
    throw new ConcordError(
      'auth.required',
      'An API key is needed: --key KEY or CONCORD_TOKEN. `concord user add NAME --role lead` makes one.',
    );
  const url = options.url.replace(/\/+$/, '');
  return { url, api: reaching(url, createApiClient(url, options.key)), output: createOutput(options.json) };
}

/** Says in words that a server could not be reached. */
function reaching(url: string, api: ApiClient): ApiClient {
  const guard =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      try {
        return await call(...args);
      } catch (error) {
        if (error instanceof TypeError)
          throw new UnreachableError(`No Concord server answers at ${url}. Start it, or give --url.`, {
            cause: error,
          });
        throw error;
      }
    };
  return {
    raw: guard(api.raw),
    get: guard(api.get) as ApiClient['get'],
    post: guard(api.post) as ApiClient['post'],
    put: guard(api.put) as ApiClient['put'],
    patch: guard(api.patch) as ApiClient['patch'],
    delete: guard(api.delete) as ApiClient['delete'],
    upload: guard(api.upload) as ApiClient['upload'],
  };
}

/** Whole pages of a list, one after the other. */
export async function* everyPage<T>(api: ApiClient, path: string): AsyncGenerator<T> {
  let after: string | null = null;
  do {
    const cursor: string = after === null ? '' : `&after=${encodeURIComponent(after)}`;
    const page: { items: T[]; next: string | null } = await api.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`,
    );
    yield* page.items;
    after = page.next;
  } while (after !== null);
}
