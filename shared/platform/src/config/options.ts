import { resolve } from 'node:path';
import { z } from 'zod';
import { logLevels } from '../observability/logger.ts';
import { option } from './option-table.ts';
import { blobsPlace, busPlace, fanoutPlace, storePlace } from './places.ts';

const onOff = z.string().transform((text, context) => {
  const word = text.trim().toLowerCase();
  if (['on', 'true', 'yes', '1'].includes(word)) return true;
  if (['off', 'false', 'no', '0'].includes(word)) return false;
  context.addIssue({ code: 'custom', message: 'is neither on nor off' });
  return z.NEVER;
});

const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'is not a port')
  .transform(Number);

/** An http(s) address without a slash at the end; empty means none. */
const address = z.string().transform((text, context): string | null => {
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:'))
    return text.replace(/\/+$/, '');
  context.addIssue({ code: 'custom', message: 'is not an http(s) address' });
  return z.NEVER;
});

/** What the server and the workers share: where the data is and how much is logged. */
export const placeOptions = {
  data: option({
    flag: 'data',
    env: 'CONCORD_DATA',
    value: 'FOLDER',
    fallback: './data',
    help: 'The folder that holds everything in embedded mode.',
    remedy: 'Name a folder you may write to.',
    parse: z
      .string()
      .min(1, 'is empty')
      .transform((text) => resolve(text)),
  }),
  store: option({
    flag: 'store',
    env: 'CONCORD_STORE',
    value: 'PLACE',
    fallback: 'sqlite',
    help: 'Where records and room logs live: sqlite (in the data folder) or mongodb://host/database (a replica set).',
    remedy: 'Leave it out to use SQLite in the data folder, or give mongodb://host:port/database.',
    parse: storePlace,
    url: true,
  }),
  bus: option({
    flag: 'bus',
    env: 'CONCORD_BUS',
    value: 'PLACE',
    fallback: 'embedded',
    help: 'The stream of events: embedded (in the data folder) or nats://host:4222.',
    remedy: 'Leave it out to use the embedded bus, or give nats://host:port.',
    parse: busPlace,
    url: true,
  }),
  fanout: option({
    flag: 'fanout',
    env: 'CONCORD_FANOUT',
    value: 'PLACE',
    fallback: 'local',
    help: 'Messages between several servers: local (there is one) or redis://host:6379.',
    remedy: 'Leave it out to run one server, or give redis://host:port.',
    parse: fanoutPlace,
    url: true,
  }),
  blobs: option({
    flag: 'blobs',
    env: 'CONCORD_BLOBS',
    value: 'PLACE',
    fallback: 'files',
    help: 'Where files and dataset versions live: files (in the data folder).',
    remedy: 'Leave it out to keep files in the data folder.',
    parse: blobsPlace,
    url: true,
  }),
  logLevel: option({
    flag: 'log-level',
    env: 'CONCORD_LOG_LEVEL',
    value: 'LEVEL',
    fallback: 'info',
    help: `How much is logged: ${logLevels.join(', ')}.`,
    remedy: `Use one of: ${logLevels.join(', ')}.`,
    parse: z.string().pipe(z.enum(logLevels, 'is not a log level')),
  }),
};

export const serverOptions = {
  port: option({
    flag: 'port',
    env: 'CONCORD_PORT',
    value: 'NUMBER',
    fallback: '7300',
    help: 'The one port for pages, API and sockets; 0 takes a free one.',
    remedy: 'Give a whole number from 0 to 65535.',
    parse: port,
  }),
  host: option({
    flag: 'host',
    env: 'CONCORD_HOST',
    value: 'ADDRESS',
    fallback: '127.0.0.1',
    help: 'The address to listen on; 0.0.0.0 lets other machines in.',
    remedy: 'Give an address of this machine, such as 127.0.0.1 or 0.0.0.0.',
    parse: z.string().regex(/^[A-Za-z0-9.:_-]+$/, 'is not an address'),
  }),
  engine: option({
    flag: 'engine',
    env: 'CONCORD_ENGINE',
    value: 'NAME',
    fallback: 'auto',
    help: 'What carries HTTP and sockets: uws (uWebSockets.js), ws (plain Node), auto (uws where it loads).',
    remedy: 'Use auto, uws or ws.',
    parse: z.string().pipe(z.enum(['auto', 'uws', 'ws'], 'is not an engine')),
  }),
  publicUrl: option({
    flag: 'public-url',
    env: 'CONCORD_PUBLIC_URL',
    value: 'URL',
    fallback: '',
    help: 'The address people use, when a proxy stands in front; https makes cookies secure.',
    remedy: 'Give an address such as https://label.example.org.',
    parse: address,
  }),
  nodeUrl: option({
    flag: 'node-url',
    env: 'CONCORD_NODE_URL',
    value: 'URL',
    fallback: '',
    help: 'Where clients reach this process and no other, when several serve one store.',
    remedy: 'Give an address such as https://label.example.org:7301.',
    parse: address,
  }),
  ...placeOptions,
  demo: option({
    flag: 'demo',
    env: 'CONCORD_DEMO',
    value: null,
    fallback: 'off',
    help: 'Create the sample projects at the first start.',
    remedy: 'Use on or off.',
    parse: onOff,
  }),
  inference: option({
    flag: 'inference',
    env: 'CONCORD_INFERENCE',
    value: null,
    fallback: 'on',
    help: 'Start the inference worker beside the server (--no-inference: do not).',
    remedy: 'Use on or off.',
    parse: onOff,
  }),
  versioning: option({
    flag: 'versioning',
    env: 'CONCORD_VERSIONING',
    value: null,
    fallback: 'on',
    help: 'Start the versioning worker beside the server (--no-versioning: do not).',
    remedy: 'Use on or off.',
    parse: onOff,
  }),
};

export const workerOptions = {
  ...placeOptions,
  server: option({
    flag: 'server',
    env: 'CONCORD_SERVER',
    value: 'URL',
    fallback: 'http://127.0.0.1:7300',
    help: 'The Concord server that this worker takes part in.',
    remedy: 'Give an address such as http://127.0.0.1:7300.',
    parse: address.transform((url) => url ?? 'http://127.0.0.1:7300'),
  }),
  key: option({
    flag: 'key',
    env: 'CONCORD_KEY',
    value: 'KEY',
    fallback: '',
    help: 'The API key this worker signs in with.',
    remedy: 'Give a key made by `concord user add NAME --role admin --json`.',
    parse: z.string().transform((text) => (text === '' ? null : text)),
  }),
};
