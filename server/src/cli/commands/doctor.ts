import { accessSync, constants, existsSync } from 'node:fs';
import { connect as connectTcp, createServer } from 'node:net';
import { dirname } from 'node:path';
import { isConcordError } from '@concord/core/errors/concord-error';
import { openConnection } from '@concord/platform/adapters/store-mongodb/connection';
import { type Config, loadConfig } from '@concord/platform/config/config';
import type { Command } from 'commander';
import { folderHolder } from '../../start/data-folder.ts';
import { locations } from '../../start/locations.ts';
import { withJson } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { createOutput } from '../output.ts';

interface Finding {
  readonly check: string;
  readonly fine: boolean;
  readonly what: string;
}

const oldestNode = [20, 19] as const;

export function doctorCommand(program: Command): void {
  withJson(program.command('doctor'))
    .option('--data <folder>', 'the data folder')
    .option('--port <number>', 'the port')
    .description('look whether Concord can run here, and say what to do where it cannot')
    .action(async (options: { json: boolean; data?: string; port?: string }) => {
      const config = loadConfig([
        ...(options.data === undefined ? [] : ['--data', options.data]),
        ...(options.port === undefined ? [] : ['--port', options.port]),
      ]);
      const findings = [
        checkNode(),
        checkFolder(config),
        await checkPort(config),
        ...checkBuilt(),
        await checkStore(config),
        await checkBus(config),
      ];
      const lines = findings.map((f) => `${f.fine ? 'ok  ' : 'FAIL'}  ${f.check}: ${f.what}`);
      createOutput(options.json).result(findings, lines.join('\n'));
      if (findings.some((f) => !f.fine)) process.exitCode = exitCodes.failed;
    });
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fine = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const what = fine ? process.versions.node : `${process.versions.node} is too old; install 20.19 or newer`;
  return { check: 'node', fine, what };
}

function checkFolder(config: Config): Finding {
  const holder = folderHolder(config.data);
  if (holder !== null)
    return { check: 'data folder', fine: true, what: `${config.data} is served by ${holder}` };
  let folder = config.data;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return { check: 'data folder', fine: true, what: `${config.data} can be written` };
  } catch {
    const what = `${folder} cannot be written; choose another with --data`;
    return { check: 'data folder', fine: false, what };
  }
}

async function checkPort(config: Config): Promise<Finding> {
  const check = 'port';
  try {
    const response = await fetch(`http://127.0.0.1:${config.port}/healthz`, {
      signal: AbortSignal.timeout(2000),
    });
    const status = ((await response.json()) as { status?: unknown }).status;
    if (status === 'ok') return { check, fine: true, what: `a server answers on ${config.port}` };
  } catch {
    // Nothing that speaks HTTP; whether the port is free is seen by taking it.
  }
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(config.port, config.host, () => server.close(() => resolve(true)));
  });
  const what = free ? `${config.port} is free` : `${config.port} is taken; choose another with --port`;
  return { check, fine: free, what };
}

function checkBuilt(): Finding[] {
  const scripts = [
    ['page', `${locations.client()}/index.html`],
    ['inference worker', locations.inference()],
    ['versioning worker', locations.versioning()],
  ] as const;
  return scripts.map(([check, file]) => ({
    check,
    fine: existsSync(file),
    what: existsSync(file) ? 'built' : 'not built; run `npm run build`',
  }));
}

async function checkStore(config: Config): Promise<Finding> {
  const check = 'store';
  if (config.store.kind === 'sqlite') return { check, fine: true, what: 'SQLite, in the data folder' };
  try {
    const { client } = await openConnection(config.store.url);
    await client.close();
    return { check, fine: true, what: 'MongoDB answers' };
  } catch (error) {
    if (!isConcordError(error)) throw error;
    return { check, fine: false, what: error.message };
  }
}

async function checkBus(config: Config): Promise<Finding> {
  if (config.bus.kind === 'embedded')
    return { check: 'bus', fine: true, what: 'embedded, in the data folder' };
  const { hostname, port } = new URL(config.bus.url);
  const fine = await new Promise<boolean>((resolve) => {
    const socket = connectTcp({ host: hostname, port: Number(port || 4222), timeout: 3000 });
    const end = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
  const place = `${hostname}:${port || 4222}`;
  return { check: 'bus', fine, what: fine ? `${place} answers` : `nothing answers at ${place}` };
}
