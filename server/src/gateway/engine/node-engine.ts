import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyTimeoutMs, type Engine, type EngineParts } from './engine.ts';
import type { Handle } from './exchange.ts';
import { NodeExchange } from './node-exchange.ts';
import { cutOffSlowReceivers, cutOnWs, waitingOnWs } from './slow-receivers.ts';

/** node:http, and ws for sockets: runs wherever Node does. */
export function createNodeEngine({ clock }: EngineParts): Engine {
  const server = createServer({
    keepAliveTimeout: 65_000,
    headersTimeout: 66_000,
    requestTimeout: bodyTimeoutMs,
    noDelay: true,
  });
  let handle: Handle = async () => {};
  // Before sockets are attached: Engine.IO takes its own calls out of what the listeners it finds would be given.
  server.on('request', (incoming, outgoing) => void handle(new NodeExchange(incoming, outgoing)));
  return {
    name: 'ws',
    attach(io) {
      io.attach(server);
      cutOffSlowReceivers(io);
    },
    waitingBytes: waitingOnWs,
    cut: cutOnWs,
    async listen(host, port, handler) {
      handle = handler;
      server.listen(port, host);
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    },
    async close(lastCallsMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const cancel = clock.after(lastCallsMs, () => server.closeAllConnections());
      await closed;
      cancel();
    },
  };
}
