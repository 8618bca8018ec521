import * as servers from '../../../../scripts/servers.mjs';

/** A server of somebody else's on a free loopback port, with a folder of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  pid(): number;
  /** Stops the whole process where it stands (SIGSTOP): its sockets stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data, after a kill -9 if it still runs; resolves when it is ready. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Without `path` the program is the one the test run found, or the one on PATH. Throws with the line that would install it. */
export type StartServer = (options?: { readonly path?: string }) => Promise<ServerProcess>;
/** A replica set of one member unless told otherwise. */
export type StartMongo = (options?: {
  readonly path?: string;
  readonly replicaSet?: boolean;
}) => Promise<ServerProcess>;

/** The real servers that contract and system tests bring up; `npm run servers` starts the same. */
export const startMongo: StartMongo = servers.startMongo;
export const startNats: StartServer = servers.startNats;
export const startRedis: StartServer = servers.startRedis;
