import { describe, expect, it } from 'vitest';
import { configEnvExample, configHelp, loadConfig, loadWorkerConfig } from './config.ts';
import { serverOptions } from './options.ts';

describe('config', () => {
  it('has defaults that need nothing', () => {
    const config = loadConfig([], {});
    expect(config).toMatchObject({
      port: 7300,
      host: '127.0.0.1',
      store: { kind: 'sqlite' },
      bus: { kind: 'embedded' },
      demo: false,
      inference: true,
      publicUrl: null,
      engine: 'auto',
    });
    expect(config.data.endsWith('/data')).toBe(true);
  });

  it('lets the command line win over the environment', () => {
    const env = { CONCORD_PORT: '8000', CONCORD_DEMO: 'on', CONCORD_LOG_LEVEL: '' };
    const config = loadConfig(['--port=9000', '--no-inference', '--bus', 'nats://127.0.0.1:4222'], env);
    expect(config).toMatchObject({
      port: 9000,
      demo: true,
      inference: false,
      logLevel: 'info',
      bus: { kind: 'nats', url: 'nats://127.0.0.1:4222' },
    });
  });

  it.each([
    'mongodb://127.0.0.1:27017/concord',
    'mongodb+srv://me:hunter2@cluster.example.org/?retryWrites=true',
  ])('knows %s as a store', (url) => {
    expect(loadConfig([], { CONCORD_STORE: url }).store).toEqual({ kind: 'mongodb', url });
    expect(configHelp()).toContain('mongodb://');
  });

  it.each([
    [['--port', 'eighty'], {}, '--port is not a port (got "eighty"). Give a whole number from 0 to 65535.'],
    [[], { CONCORD_PORT: '70000' }, 'CONCORD_PORT is not a port (got "70000").'],
    [['--prot', '1'], {}, '--prot is not an option. Did you mean --port?'],
    [['--port'], {}, '--port has no value.'],
    [['serve'], {}, 'serve is not an option.'],
    [['--demo=maybe'], {}, '--demo is neither on nor off (got "maybe").'],
    [[], { CONCORD_STORE: 'postgres://me:hunter2@db/concord' }, 'CONCORD_STORE names postgres://'],
    [['--bus', 'kafka://x'], {}, '--bus names kafka://, which this version of Concord has no adapter for'],
    [['--public-url', 'ftp://x'], {}, '--public-url is not an http(s) address'],
    [[], { CONCORD_ENGINE: 'fast' }, 'CONCORD_ENGINE is not an engine (got "fast"). Use auto, uws or ws.'],
  ])('refuses %j %j in one line with the remedy', (argv, env, line) => {
    let message = '';
    try {
      loadConfig(argv, env);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain(line);
    expect(message).not.toContain('\n');
    expect(message).not.toContain('hunter2');
  });

  it('lists every option in the help and in the example environment', () => {
    for (const row of Object.values(serverOptions)) {
      expect(configHelp()).toContain(`--${row.flag}`);
      expect(configEnvExample()).toContain(`${row.env}=`);
    }
  });

  it('gives workers the address of the server and their key', () => {
    const config = loadWorkerConfig(['--server', 'http://127.0.0.1:7311/'], { CONCORD_KEY: 'ck_1' });
    expect(config).toMatchObject({ server: 'http://127.0.0.1:7311', key: 'ck_1' });
  });
});
