import { ConcordError } from '@concord/core/errors/concord-error';
import { type EventType, eventData } from '@concord/core/events/event';
import type { EventFilter } from '@concord/platform/ports/bus';
import type { Platform } from '../../platform.ts';
import { Answer, type Handlers } from '../http/handler.ts';

const BATCH = 200;
const HEARTBEAT_MS = 15_000;

function typesOf(list: string | undefined): EventType[] | undefined {
  if (list === undefined || list === '') return undefined;
  return list.split(',').map((type) => {
    if (type in eventData) return type as EventType;
    throw new ConcordError('input.invalid', `There is no event type ${type}.`, [
      {
        path: 'types',
        message: 'unknown type',
        value: type,
        remedy: `Use: ${Object.keys(eventData).join(', ')}.`,
      },
    ]);
  });
}

/** Facts as Server-Sent Events. The id of each is its position on the bus, so that a client resumes where it was. */
export function eventHandlers(platform: Platform): Pick<Handlers, 'events.stream'> {
  const { bus, clock } = platform;

  async function* stream(after: number, filter: EventFilter, signal: AbortSignal): AsyncGenerator<string> {
    let wake: () => void = () => {};
    let news = false;
    const poke = () => {
      news = true;
      wake();
    };
    const unwatch = bus.watch(poke);
    signal.addEventListener('abort', poke);
    try {
      yield 'retry: 2000\n\n';
      while (!signal.aborted) {
        news = false;
        const found = await bus.read(after, BATCH, filter);
        for (const { position, event } of found) {
          after = position;
          yield `id: ${position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
        }
        if (found.length === BATCH || news || signal.aborted) continue;
        const quiet = await new Promise<boolean>((done) => {
          const cancel = clock.after(HEARTBEAT_MS, () => done(true));
          wake = () => {
            cancel();
            done(false);
          };
        });
        if (quiet) yield ': still here\n\n';
      }
    } finally {
      unwatch();
      signal.removeEventListener('abort', poke);
    }
  }

  return {
    'events.stream': async ({ query, lastEventId, signal }) => {
      const resumed = lastEventId !== null && /^\d+$/.test(lastEventId) ? Number(lastEventId) : undefined;
      const after = resumed ?? query.after ?? (await bus.last());
      const filter: EventFilter = { types: typesOf(query.types), projectId: query.project };
      return new Answer({
        stream: stream(after, filter, signal),
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        },
      });
    },
  };
}
