import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ConcordBuild, type ConcordWorld, startConcord } from './concord-world.ts';
import { createColyseusDriver } from './drivers/colyseus.ts';
import { createConcordDriver } from './drivers/concord.ts';
import type { Driver } from './drivers/driver.ts';
import { createHocuspocusDriver } from './drivers/hocuspocus.ts';
import { createRawDriver, type PeerPlace } from './drivers/raw.ts';
import { createShareDbDriver } from './drivers/sharedb.ts';
import { createSocketIoDriver } from './drivers/socket-io.ts';
import { peersFolder, workFolder } from './places.ts';
import { startServer } from './server-process.ts';

export interface Running {
  readonly driver: Driver;
  /** Its processes; what all their threads use is counted. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** What is needed of a server before people come. */
export interface Rooms {
  readonly rooms: number;
  /** Objects in each room for whoever enters (servers beside Concord make them up; in Concord somebody draws them). */
  readonly objects: number;
  /** Boxes that somebody draws in `Driver.begin`; Concord's alone. */
  readonly boxes: number;
}

/** A server that is measured. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  /** What its acknowledgement promises. */
  readonly durable: boolean;
  /** What travels together. */
  readonly batching: string;
  /** Left out of the larger windows, since every op that is behind costs it more than the last. */
  readonly smallWindows: boolean;
  /** Differs from another only in what travels together; where nothing is sent it is not measured again. */
  readonly isVariant: boolean;
  start(rooms: Rooms): Promise<Running>;
}

const single = 'an op is a message';
const gathered = 'what came up since its last message is one message';

function peer(
  id: string,
  title: string,
  script: string,
  create: (place: PeerPlace) => Driver,
  seed: number,
  more: {
    readonly batch?: boolean;
    readonly batching?: string;
    readonly args?: readonly string[];
    readonly smallWindows?: boolean;
  } = {},
): Subject {
  const batch = more.batch ?? false;
  return {
    id,
    title,
    durable: false,
    batching: more.batching ?? (batch ? gathered : single),
    smallWindows: more.smallWindows ?? false,
    isVariant: batch,
    async start({ rooms, objects }) {
      const args = ['--rooms', String(rooms), '--objects', String(objects), ...(more.args ?? [])];
      const server = await startServer([join(peersFolder, script), ...args], /ready (\d+)/);
      const driver = create({ port: Number(server.said[0]), seed, batch });
      return { driver, pids: [server.pid], stop: () => server.stop('kill') };
    },
  };
}

/** The servers beside Concord, as peers/ has them. Those that can gather like Concord's client are there both ways. */
export function peerSubjects(seed: number): Subject[] {
  const uws = ['--engine', 'uws'];
  return [
    peer('uws', 'uWebSockets.js', 'uws.mjs', createRawDriver, seed),
    peer('uws-batch', 'uWebSockets.js, gathering', 'uws.mjs', createRawDriver, seed, { batch: true }),
    peer('ws', 'ws', 'ws.mjs', createRawDriver, seed),
    peer('sio', 'Socket.IO', 'socketio.mjs', createSocketIoDriver, seed),
    peer('sio-batch', 'Socket.IO, gathering', 'socketio.mjs', createSocketIoDriver, seed, { batch: true }),
    peer('sio-uws', 'Socket.IO on uWS', 'socketio.mjs', createSocketIoDriver, seed, { args: uws }),
    peer('sio-uws-batch', 'Socket.IO on uWS, gathering', 'socketio.mjs', createSocketIoDriver, seed, {
      batch: true,
      args: uws,
    }),
    peer('hocuspocus', 'Hocuspocus', 'hocuspocus.mjs', createHocuspocusDriver, seed, {
      batching: `${gathered}, as one transaction`,
    }),
    peer('sharedb', 'ShareDB', 'sharedb.mjs', createShareDbDriver, seed, {
      batching: 'an op is a message, one of a connection in flight',
      smallWindows: true,
    }),
    peer('colyseus', 'Colyseus', 'colyseus.mjs', createColyseusDriver, seed),
    peer('colyseus-batch', 'Colyseus, gathering', 'colyseus.mjs', createColyseusDriver, seed, {
      batch: true,
    }),
  ];
}

export interface ConcordOptions {
  readonly build: ConcordBuild;
  readonly world: () => Promise<ConcordWorld>;
  readonly protocol: 1 | 2;
  readonly seed: number;
  readonly onOps?: (receiver: number, json: string) => void;
}

/** Concord, each time on a fresh copy of the same world. */
export function concordSubject({ build, world, protocol, seed, onOps }: ConcordOptions): Subject {
  return {
    id: 'concord',
    title: 'Concord',
    durable: true,
    batching: gathered,
    smallWindows: false,
    isVariant: false,
    async start({ rooms, boxes }) {
      const { folder: origin, users, tasks } = await world();
      if (tasks.length < rooms) throw new Error(`the world has ${tasks.length} tasks; ${rooms} are needed`);
      const folder = mkdtempSync(join(workFolder, 'run-'));
      cpSync(origin, folder, { recursive: true });
      const { server, port } = await startConcord(build, folder);
      const driver = createConcordDriver({
        ports: [port],
        protocol,
        seed,
        users,
        tasks,
        boxes,
        ...(onOps === undefined ? {} : { onOps }),
      });
      return {
        driver,
        pids: [server.pid],
        async stop() {
          await server.stop('ask');
          rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
        },
      };
    },
  };
}
