// Hocuspocus: one Yjs document a room, in memory, no storage hooks.
import { Server } from '@hocuspocus/server';
import { objects, ready } from './lib.mjs';

const server = new Server({
  quiet: true,
  async onLoadDocument({ document }) {
    const map = document.getMap('objects');
    for (const object of objects) if (!map.has(object.id)) map.set(object.id, JSON.stringify(object));
  },
});
// Its own `listen` binds every address.
server.httpServer.listen(0, '127.0.0.1', () => ready(server.address.port));
