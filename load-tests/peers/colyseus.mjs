// Colyseus: messages through a room, no schema state (which would be patched 20 times a second whatever happens).
import { createServer } from 'node:http';
import { Room, Server } from '@colyseus/core';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { listOf, objects, ready } from './lib.mjs';

class BenchRoom extends Room {
  onCreate() {
    this.patchRate = null;
    this.seq = 0;
    this.onMessage('relay', (client, message) => this.broadcast('relay', message, { except: client }));
    this.onMessage('op', (client, message) => {
      const ops = listOf(message);
      this.seq += ops.length;
      this.broadcast('op', { seq: this.seq, ops }, { except: client });
      client.send('ack', { last: ops.at(-1).n, seq: this.seq });
    });
  }
  onJoin(client) {
    client.send('snapshot', objects);
  }
}

const http = createServer();
const server = new Server({
  greet: false,
  gracefullyShutdown: false,
  transport: new WebSocketTransport({ server: http, maxPayload: 1 << 20 }),
});
server.define('bench', BenchRoom).filterBy(['place']);
await server.listen(0, '127.0.0.1');
ready(http.address().port);
