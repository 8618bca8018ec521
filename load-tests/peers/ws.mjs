// The ws library without anything on top. The same messages as uws.mjs.
import { WebSocketServer } from 'ws';
import { listOf, objects, ready } from './lib.mjs';

const rooms = new Map();
const snapshot = `s${JSON.stringify(objects)}`;
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false }, () =>
  ready(server.address().port),
);

function others(room, socket, text) {
  for (const member of room.members) if (member !== socket) member.send(text);
}

server.on('connection', (socket) => {
  let room;
  socket.on('message', (data) => {
    const text = data.toString();
    if (text[0] === 'j') {
      const name = text.slice(1);
      room = rooms.get(name) ?? { seq: 0, members: new Set() };
      rooms.set(name, room);
      room.members.add(socket);
      socket.send(snapshot);
    } else if (text[0] === 'r') {
      others(room, socket, text);
    } else {
      const ops = listOf(JSON.parse(text.slice(1)));
      room.seq += ops.length;
      others(room, socket, `o${JSON.stringify({ seq: room.seq, ops })}`);
      socket.send(`a{"n":${ops.at(-1).n},"seq":${room.seq}}`);
    }
  });
  socket.on('close', () => room?.members.delete(socket));
});
