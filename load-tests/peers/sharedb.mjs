// ShareDB: one json0 document a room, its memory database, over ws.
import WebSocketJSONStream from '@teamwork/websocket-json-stream';
import ShareDB from 'sharedb';
import { WebSocketServer } from 'ws';
import { objects, options, ready } from './lib.mjs';

const backend = new ShareDB();
const connection = backend.connect();
for (let i = 0; i < Number(options.rooms); i++) {
  const doc = connection.get('rooms', `room-${i}`);
  const data = { objects: Object.fromEntries(objects.map((object) => [object.id, object])) };
  await new Promise((done, fail) => doc.create(data, (error) => (error ? fail(error) : done())));
}
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () =>
  ready(server.address().port),
);
server.on('connection', (socket) => backend.listen(new WebSocketJSONStream(socket)));
