// Socket.IO 4. `--engine ws`: as its documentation begins, `socket.to(room)`. `--engine uws`: on uWebSockets.js, `io.to(room)`,
// the one call that uses its native publish; the author gets its own op back and leaves it aside.

import uWS from 'uWebSockets.js';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listOf, objects, options, ready } from './lib.mjs';

const seqs = new Map();
const io = new Server({ transports: ['websocket'], serveClient: false });
const onUws = options.engine === 'uws';

io.on('connection', (socket) => {
  let room;
  const tell = (event, message) => (onUws ? io.to(room) : socket.to(room)).emit(event, message);
  socket.on('join', (name, reply) => {
    room = name;
    socket.join(room);
    reply(objects);
  });
  socket.on('relay', (message) => tell('relay', message));
  socket.on('op', (message, reply) => {
    const ops = listOf(message);
    const seq = (seqs.get(room) ?? 0) + ops.length;
    seqs.set(room, seq);
    tell('op', { seq, ops });
    reply(seq);
  });
});

if (onUws) {
  const app = uWS.App();
  io.attachApp(app, { maxBackpressure: 64 << 20 });
  app.listen('127.0.0.1', 0, (socket) => ready(uWS.us_socket_local_port(socket)));
} else {
  const http = createServer();
  io.attach(http);
  http.listen(0, '127.0.0.1', () => ready(http.address().port));
}
