import type { Metrics } from '@concord/platform/observability/metrics';
import type { Clock } from '@concord/platform/ports/clock';
import type { Server } from 'socket.io';
import type { Connection, Engine } from '../engine/index.ts';
import { type Allowance, createAllowance } from './allowance.ts';

export type AllowanceOf = (connection: Connection) => Allowance;

/** Each connection's allowance, whichever namespaces it speaks to; from its first byte, before anybody is known [PR21]. */
export function createAllowances(
  io: Server,
  engine: Pick<Engine, 'cut'>,
  clock: Clock,
  metrics: Metrics,
): AllowanceOf {
  const allowances = new WeakMap<Connection, Allowance>();
  const cuts = metrics.counter(
    'concord_flooding_cut_total',
    'Connections cut for going on beyond their limits',
  );

  function allowanceOf(connection: Connection): Allowance {
    const known = allowances.get(connection);
    if (known !== undefined) return known;
    let isCut = false;
    const made = createAllowance(clock, () => {
      if (isCut) return;
      isCut = true;
      cuts.inc();
      engine.cut(connection);
    });
    allowances.set(connection, made);
    return made;
  }

  /** The same for all connections. */
  function onPacket(this: Connection, { data }: { readonly data?: string | Buffer }): void {
    allowanceOf(this).bytes(data?.length ?? 0);
  }
  io.engine.on('connection', (connection: Connection) => {
    connection.on('packet', onPacket);
  });
  return allowanceOf;
}
