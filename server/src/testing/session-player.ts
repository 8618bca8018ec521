import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import type { TestServer } from './server.ts';

/** One thing that somebody does, with what came of it when it was recorded. Ids are names: `$ann`, `$task`, `$sub1`. */
const step = z.strictObject({
  by: z.string(),
  /** A message, or `connect` and `disconnect`. */
  event: z.string(),
  message: z.unknown().optional(),
  reply: z.unknown().optional(),
  /** Entries that people were sent until the next step. */
  heard: z.array(z.strictObject({ to: z.string(), event: z.string(), message: z.unknown() })).optional(),
});
export type Step = z.infer<typeof step>;

/** A session between clients of one protocol version and a server. */
export const recordedSession = z.strictObject({ protocol: z.number().int(), steps: z.array(step) });
export type RecordedSession = z.infer<typeof recordedSession>;

/** News are waited for so long before the next step. */
const quietMs = 150;
const recorded: ReadonlySet<string> = new Set(['room:ops', 'room:acks', 'live:update']);
const idPattern = /\b(?:usr|prj|ast|tsk|sub|mdl|fin|dec)_[A-Za-z0-9_-]+/g;
const instants: ReadonlySet<string> = new Set([
  'at',
  'leaseUntil',
  'until',
  'createdAt',
  'updatedAt',
  'settledAt',
]);

/** Names for a server's own ids, and back. */
class Names {
  readonly #names = new Map<string, string>();
  readonly #ids = new Map<string, string>();

  set(name: string, id: string): void {
    this.#names.set(id, name);
    this.#ids.set(name, id);
  }

  /** A message as it is sent: names become ids. */
  fill(value: unknown): unknown {
    return walk(value, (text) => text.replace(/\$[a-z0-9]+/g, (name) => this.#ids.get(name) ?? name));
  }

  /** An answer as it is recorded: ids become names, instants and words that are for people go. */
  plain(value: unknown): unknown {
    return walk(value, (text) => text.replace(idPattern, (id) => this.#nameOf(id)));
  }

  #nameOf(id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const kind = id.slice(0, 3);
    const count = [...this.#ids.keys()].filter((name) => name.startsWith(`$${kind}`)).length;
    this.set(`$${kind}${count + 1}`, id);
    return this.#nameOf(id);
  }
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      change(key),
      instants.has(key) && typeof item === 'number' ? '$instant' : walk(item, change),
    ]),
  );
}

/** Of a problem a client may rely on its code, and where it is; its words are for people. */
function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== 'object' || value === null) return value;
  const all = value as Record<string, unknown>;
  if (typeof all['code'] === 'string' && Array.isArray(all['errors'])) {
    const { code, status, retry, errors } = all;
    return { code, status, retry, errors: errors.map(({ path }: { path: string }) => ({ path })) };
  }
  return Object.fromEntries(Object.entries(all).map(([key, item]) => [key, withoutWords(item)]));
}

/** What the server itself writes into the group's layer may grow from version to version; a client skips what it does not know. */
function withoutGroup(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .filter((item) => (item as { layer?: unknown } | null)?.layer !== 'consensus')
      .map(withoutGroup);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutGroup(item)]));
}

/** Plays a session against a server, step by step, and answers with what came of it this time. */
export async function playSession(server: TestServer, { protocol, steps }: RecordedSession): Promise<Step[]> {
  const names = new Names();
  const project = await server.createProject({
    name: 'Recorded',
    visibility: 'open',
    schema: {
      version: 1,
      modality: 'text-spans',
      classes: [
        { name: 'name', color: '#d97706' },
        { name: 'place', color: '#2563eb' },
      ],
    },
  });
  names.set('$project', project.id);
  const made = await server.api.post<{ task: { id: string; assetId: string } }>(
    `/projects/${project.id}/tasks`,
    {
      data: { text: 'Ada met Bob in Rome' },
    },
  );
  names.set('$task', made.task.id);
  names.set('$asset', made.task.assetId);
  const keys = new Map<string, string>();
  for (const by of new Set(steps.map((one) => one.by.split('/')[0]!))) {
    const { user, key } = await server.addUser(`${by}-${protocol}`, 'annotator');
    names.set(`$${by}`, user.id);
    keys.set(by, key);
  }

  const sockets = new Map<string, Socket>();
  let heard: NonNullable<Step['heard']> = [];
  async function connect(by: string): Promise<unknown> {
    const [person, namespace = 'rooms'] = by.split('/') as [string, string | undefined];
    const socket = io(`${server.url}/${namespace}`, {
      transports: ['websocket'],
      auth: { token: keys.get(person), protocol },
      forceNew: true,
      reconnection: false,
    });
    sockets.set(by, socket);
    socket.onAny((event: string, message: unknown) => {
      if (!recorded.has(event)) return;
      // In a list, so that a message of the group's layer alone goes too.
      for (const rest of withoutGroup([message]) as object[])
        if (!('batch' in rest) || (rest.batch as unknown[]).length > 0)
          heard.push({ to: by, event, message: names.plain(withoutWords(rest)) });
    });
    return new Promise((resolve) => {
      socket.once('connect', () => resolve({ ok: true }));
      socket.once('connect_error', (error) =>
        resolve(withoutWords({ problem: (error as { data?: unknown }).data })),
      );
    });
  }

  const played: Step[] = [];
  for (const { by, event, message } of steps) {
    heard = [];
    let reply: unknown;
    if (event === 'connect') reply = await connect(by);
    else if (event === 'disconnect') sockets.get(by)?.disconnect();
    else reply = await sockets.get(by)?.timeout(20_000).emitWithAck(event, names.fill(message));
    await new Promise((done) => setTimeout(done, quietMs));
    played.push({
      by,
      event,
      ...(message === undefined ? {} : { message }),
      ...(reply === undefined ? {} : { reply: names.plain(withoutWords(withoutGroup(reply))) }),
      // What several people are sent, they are sent at once: whose comes first says nothing.
      ...(heard.length === 0
        ? {}
        : { heard: [...heard].sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : 0)) }),
    });
  }
  for (const socket of sockets.values()) socket.disconnect();
  return played;
}
