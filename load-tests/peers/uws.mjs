// uWebSockets.js without anything on top. First letter of a message: j enter, r relay, o an op (or an array of them) to number.
import uWS from 'uWebSockets.js';
import { listOf, objects, ready } from './lib.mjs';

const seqs = new Map();
const snapshot = `s${JSON.stringify(objects)}`;

uWS
  .App()
  .ws('/*', {
    compression: uWS.DISABLED,
    maxPayloadLength: 1 << 20,
    maxBackpressure: 64 << 20,
    idleTimeout: 120,
    message(ws, message) {
      const text = Buffer.from(message).toString();
      const user = ws.getUserData();
      if (text[0] === 'j') {
        user.room = text.slice(1);
        ws.subscribe(user.room);
        ws.send(snapshot);
      } else if (text[0] === 'r') {
        ws.publish(user.room, message);
      } else {
        const ops = listOf(JSON.parse(text.slice(1)));
        const seq = (seqs.get(user.room) ?? 0) + ops.length;
        seqs.set(user.room, seq);
        ws.publish(user.room, `o${JSON.stringify({ seq, ops })}`);
        ws.send(`a{"n":${ops.at(-1).n},"seq":${seq}}`);
      }
    },
  })
  .listen('127.0.0.1', 0, (socket) => ready(uWS.us_socket_local_port(socket)));
