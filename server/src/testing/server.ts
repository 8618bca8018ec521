import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Project } from '@concord/core/records/project';
import type { Role, User } from '@concord/core/records/user';
import { silentLogger } from '@concord/platform/observability/logger';
import { type App, createApp } from '../app.ts';
import { type ApiClient, createApiClient } from '../cli/api-client.ts';
import type { NodesOptions } from '../cluster/index.ts';
import type { EngineName } from '../gateway/engine/index.ts';
import type { Platform } from '../platform.ts';
import { closePlatform, openPlatform, type Places } from '../start/adapters.ts';

export interface TestServerOptions {
  /** A data folder to go on with, which is then left in place; a new one, removed at the end, when left out. */
  readonly data?: string;
  readonly store?: Places['store'];
  readonly bus?: Places['bus'];
  /** Replaces parts of the platform, such as a clock that the test owns. */
  readonly platform?: Partial<Platform>;
  /** A platform of the caller's, neither opened nor closed here; the folder is then of no meaning. */
  readonly on?: Platform;
  readonly clientDir?: string | null;
  readonly port?: number;
  /** Whether other nodes share its store, and where clients reach this one; alone when left out. */
  readonly node?: NodesOptions;
  /** The fastest that runs here when left out. */
  readonly engine?: EngineName;
}

export interface TestServer {
  readonly url: string;
  readonly data: string;
  readonly platform: Platform;
  readonly app: App;
  readonly admin: User;
  readonly adminKey: string;
  /** The API as the administrator. */
  readonly api: ApiClient;
  /** The API as whoever has this key; as nobody without one. */
  as(key: string | null): ApiClient;
  addUser(name: string, role: Role): Promise<{ readonly user: User; readonly key: string }>;
  /** A project; text classification with two classes and an overlap of 2 unless said otherwise. */
  createProject(input?: Partial<ProjectFields>): Promise<Project>;
  close(): Promise<void>;
  /** Ends as a killed process would: nobody is told, nothing is flushed. The data folder stays for another server. */
  crash(): Promise<void>;
}

export type ProjectFields = Omit<
  Project,
  'id' | 'createdBy' | 'createdAt' | 'archived' | 'guidelinesVersion'
>;

const textProject: Pick<ProjectFields, 'name' | 'schema'> = {
  name: 'Letters',
  schema: {
    version: 1,
    modality: 'text-classification',
    classes: [
      { name: 'spam', color: '#d97706' },
      { name: 'ham', color: '#2563eb' },
    ],
  },
};

/** A real server on a free loopback port with its own data folder. Answers are checked against the table of routes. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const data = options.data ?? (options.on ? '' : await mkdtemp(join(tmpdir(), 'concord-test-')));
  const places: Places = {
    data,
    store: options.store ?? { kind: 'sqlite' },
    bus: options.bus ?? { kind: 'embedded' },
    fanout: { kind: 'local' },
  };
  const platform = options.on ?? { ...(await openPlatform(places, silentLogger)), ...options.platform };
  const app = await createApp(
    {
      host: '127.0.0.1',
      port: options.port ?? 0,
      engine: options.engine ?? 'auto',
      publicUrl: null,
      demo: false,
      node: options.node ?? { url: null, shared: false },
      clientDir: options.clientDir ?? null,
      checkAnswers: true,
    },
    platform,
  );
  const { url } = await app.listen();
  const known = await app.people.findUser('admin');
  const made = known
    ? { user: known, key: (await app.people.createKey(known, 'again')).key }
    : await app.people.createUser({ name: 'admin', role: 'admin' });
  const as = (key: string | null) => createApiClient(url, key);

  async function end(how: 'clean' | 'abrupt', keep: boolean): Promise<void> {
    await app.close(how);
    if (options.on !== undefined) return;
    await closePlatform(platform);
    if (!keep) await rm(data, { recursive: true, force: true });
  }

  return {
    url,
    data,
    platform,
    app,
    admin: made.user,
    adminKey: made.key,
    api: as(made.key),
    as,
    addUser: (name, role) => app.people.createUser({ name, role }),
    createProject: (input = {}) => as(made.key).post('/projects', { ...textProject, ...input }),
    close: () => end('clean', options.data !== undefined),
    crash: () => end('abrupt', true),
  };
}
