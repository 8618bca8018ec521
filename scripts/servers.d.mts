import type { StartServer } from '../shared/platform/src/testing/servers.ts';

export const startMongo: StartServer;
export const startNats: StartServer;
export const startRedis: StartServer;
