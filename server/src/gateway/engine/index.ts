import { ConcordError } from '@concord/core/errors/concord-error';
import type { Logger } from '@concord/platform/observability/logger';
import type { Engine, EngineName, EngineParts } from './engine.ts';
import { createNodeEngine } from './node-engine.ts';
import { loadUws } from './uws.ts';
import { createUwsEngine } from './uws-engine.ts';

export type { Connection, Engine, EngineName } from './engine.ts';
export type { Exchange, Handle, Headers, Outflow } from './exchange.ts';

/**
 * The engine that was chosen; `auto` takes uWebSockets.js where it loads. Throws `input.invalid` when `uws` was chosen and does not
 * load. It is not listening yet.
 */
export function createEngine(
  choice: EngineName | 'auto',
  parts: EngineParts & { readonly logger: Logger },
  load: typeof loadUws = loadUws,
): Engine {
  if (choice === 'ws') return createNodeEngine(parts);
  const loaded = load();
  if ('uws' in loaded) return createUwsEngine(loaded.uws, parts);
  if (choice === 'uws')
    throw new ConcordError(
      'input.invalid',
      `uWebSockets.js does not load: ${loaded.why}. Use --engine ws, or auto, which takes what there is.`,
      [{ path: 'engine', message: 'does not load', value: choice, remedy: 'Use --engine ws or auto.' }],
    );
  parts.logger.info({ why: loaded.why }, 'uWebSockets.js does not load; HTTP and sockets run on ws');
  return createNodeEngine(parts);
}

/** The engines that run here, the fastest first. */
export const enginesHere = (): EngineName[] => ('uws' in loadUws() ? ['uws', 'ws'] : ['ws']);
