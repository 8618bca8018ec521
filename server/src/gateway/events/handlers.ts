import { ConcordError } from '@concord/core/errors/concord-error';
import { type EventType, eventData } from '@concord/core/events/event';
import type { EventFilter } from '@concord/platform/ports/bus';
import type { Platform } from '../../platform.ts';
import { Answer, type Handlers } from '../http/handler.ts';
import { streamEvents } from './stream-events.ts';

/** The facts as Server-Sent Events; docs/protocol.md says what a consumer may rely on. */
export function eventHandlers(platform: Platform): Pick<Handlers, 'events.stream'> {
  return {
    'events.stream': async ({ query, lastEventId, signal }) => {
      const filter: EventFilter = { types: parseTypes(query.types), projectId: query.project };
      const after = cursorOf(lastEventId) ?? query.after ?? (await platform.bus.last());
      return new Answer({
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // Proxies such as nginx would hold events back otherwise.
          'x-accel-buffering': 'no',
        },
        stream: streamEvents(platform, after, filter, signal),
      });
    },
  };
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
