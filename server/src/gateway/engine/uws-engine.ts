import { once } from 'node:events';
import { createServer } from 'node:net';
import { socketLimits } from '@concord/core/protocol/limits';
import type { Connection, Engine, EngineParts } from './engine.ts';
import type { Uws, UwsApp, UwsSocket } from './uws.ts';
import { UwsExchange, type UwsHome } from './uws-exchange.ts';
import { attachNatively, type SocketApp } from './uws-publish.ts';

/** uWebSockets.js for HTTP and sockets. */
export function createUwsEngine(uws: Uws, { clock }: EngineParts): Engine {
  const app = uws.App();
  const running = new Set<UwsExchange>();
  let listening: object | null = null;
  let closing = false;
  let onIdle = () => {};
  const home: UwsHome = {
    clock,
    get closing() {
      return closing;
    },
    ended(exchange) {
      running.delete(exchange);
      if (running.size === 0) onIdle();
    },
  };
  return {
    name: 'uws',
    attach(io) {
      attachNatively(io, boundedSockets(app));
    },
    waitingBytes: (connection) => socketOf(connection)?.getBufferedAmount() ?? 0,
    cut(connection) {
      socketOf(connection)?.close();
    },
    async listen(host, port, handle) {
      app.any('/*', (response, request) => {
        const exchange = new UwsExchange(response, request, home);
        running.add(exchange);
        void handle(exchange);
      });
      const open = (on: number) => new Promise<object | false>((resolve) => app.listen(host, on, 1, resolve));
      let opened = await open(port);
      if (opened === false) throw await whyNot(host, port);
      const taken = uws.us_socket_local_port(opened);
      if (port === 0) {
        // Only a port that was asked for by number can be taken again soon after its last connections.
        uws.us_listen_socket_close(opened);
        opened = await open(taken);
        if (opened === false) throw await whyNot(host, taken);
      }
      listening = opened;
      return taken;
    },
    async close(lastCallsMs) {
      // What has been freed must not be touched: a second close would end the process.
      if (closing) return;
      closing = true;
      if (listening !== null) uws.us_listen_socket_close(listening);
      if (running.size > 0)
        await new Promise<void>((resolve) => {
          const cancel = clock.after(lastCallsMs, resolve);
          onIdle = () => {
            cancel();
            resolve();
          };
        });
      app.close();
    },
  };
}

/** The websocket under an Engine.IO connection, while it is open. */
function socketOf(connection: Connection): UwsSocket | null {
  if (connection.readyState !== 'open') return null;
  return (connection.transport as unknown as { readonly socket: UwsSocket }).socket;
}

/** The app as socket.io sees it: it passes on no limits of its own to what waits for a receiver. */
function boundedSockets(app: UwsApp): SocketApp {
  const bounded: SocketApp = {
    any(pattern, handle) {
      app.any(pattern, handle);
      return bounded;
    },
    ws(pattern, behavior) {
      app.ws(pattern, {
        ...behavior,
        maxBackpressure: socketLimits.waitingBytes,
        // Without it whoever is behind is passed over: a gap that nobody sees.
        closeOnBackpressureLimit: true,
      });
      return bounded;
    },
    publish: (topic, message, isBinary) => app.publish(topic, message, isBinary),
  };
  return bounded;
}

/** uws does not say why it cannot listen; Node does. */
async function whyNot(host: string, port: number): Promise<unknown> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, 'listening');
    probe.close();
    return new Error(`uWebSockets.js cannot listen on ${host}, port ${port}`);
  } catch (error) {
    return error;
  }
}
