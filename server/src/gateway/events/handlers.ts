import { ConcordError } from '@concord/core/errors/concord-error';
import { type EventType, eventData } from '@concord/core/events/event';
import type { User } from '@concord/core/records/user';
import type { EventFilter } from '@concord/platform/ports/bus';
import type { People } from '../../people/index.ts';
import { audit } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import { Answer, type Handlers } from '../http/handler.ts';
import { streamEvents } from './stream-events.ts';

type EventRoutes = 'events.stream' | `deadLetters.${'list' | 'replay'}`;

/** The facts as Server-Sent Events (docs/protocol.md says what a consumer may rely on), and what consumers set aside. */
export function eventHandlers(
  platform: Platform,
  people: Pick<People, 'getUser' | 'onRevoked'>,
): Pick<Handlers, EventRoutes> {
  const { bus } = platform;
  return {
    'events.stream': async ({ user, query, lastEventId, signal }) => {
      const filter: EventFilter = { types: parseTypes(query.types), projectId: query.project };
      const after = cursorOf(lastEventId) ?? query.after ?? (await platform.bus.last());
      return new Answer({
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // Proxies such as nginx would hold events back otherwise.
          'x-accel-buffering': 'no',
        },
        stream: whileAllowed(people, user, signal, (end) => streamEvents(platform, after, filter, end)),
      });
    },
    'deadLetters.list': async ({ query }) => ({
      items: (await bus.deadLetters(query.consumer)).map((letter) => ({ ...letter, ...headOf(letter.body) })),
    }),
    'deadLetters.replay': async ({ user, body }) => {
      const replayed = await bus.replay(body.consumer);
      await audit(platform, user.id, 'deadLetters.replayed', body.consumer ?? 'all', { replayed });
      return { replayed };
    },
  };
}

/**
 * A stream that ends when the caller goes away, or when what they proved who they are with stops being valid or they
 * become somebody else: then they come back and are asked again, as sockets are.
 */
async function* whileAllowed<T>(
  people: Pick<People, 'getUser' | 'onRevoked'>,
  user: User,
  gone: AbortSignal,
  open: (end: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const ended = new AbortController();
  const unsubscribe = people.onRevoked(({ userId }) => {
    if (userId === user.id) ended.abort();
  });
  try {
    // What was revoked before this listened.
    const now = await people.getUser(user.id);
    if (now?.active !== true || now.role !== user.role) return;
    yield* open(AbortSignal.any([gone, ended.signal]));
  } finally {
    unsubscribe();
  }
}

/** What a dead letter says it is, where that much can be read. */
function headOf(body: string): { id: string | null; type: string | null; projectId: string | null } {
  let event: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) event = value as Record<string, unknown>;
  } catch {
    // Not JSON: the body is shown as it is.
  }
  const text = (key: string) => (typeof event[key] === 'string' ? event[key] : null);
  return { id: text('id'), type: text('type'), projectId: text('subject') };
}

/** Last-Event-ID wins over `after`: a browser that reconnects repeats the address it began with. */
function cursorOf(lastEventId: string | null): number | null {
  if (lastEventId === null || lastEventId === '') return null;
  const position = Number(lastEventId);
  if (Number.isSafeInteger(position) && position >= 0) return position;
  throw invalid(
    'Last-Event-ID',
    'is no position in the stream',
    lastEventId,
    'Send back an id of this stream.',
  );
}

function parseTypes(types: string | undefined): EventType[] | undefined {
  if (types === undefined || types.trim() === '') return undefined;
  return types.split(',').map((word) => {
    const type = word.trim();
    if (!Object.hasOwn(eventData, type))
      throw invalid('types', 'is no event type', type, `Use some of: ${Object.keys(eventData).join(', ')}.`);
    return type as EventType;
  });
}

function invalid(path: string, message: string, value: string, remedy: string): ConcordError {
  return new ConcordError('input.invalid', `${path}: ${message}`, [{ path, message, value, remedy }]);
}
