import type { StartMongo, StartServer } from '../shared/platform/src/testing/servers.ts';

export const startMongo: StartMongo;
export const startNats: StartServer;
export const startRedis: StartServer;
