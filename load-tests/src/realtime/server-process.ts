import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { withLimit } from './crowd.ts';

/** A server under measurement, in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** What its first line said, as the pattern's groups. */
  readonly said: readonly string[];
  /** Insists after a while. `kill`: without asking. */
  stop(how: 'ask' | 'kill'): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

const running = new Set<ChildProcess>();
/** However the generator ends, no server stays behind. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

/** Settings of Concord that happen to stand in this shell are not what is measured. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('CONCORD_')),
);

/** Starts `node` with these arguments and waits until it prints what it should. */
export async function startServer(args: readonly string[], ready: RegExp): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  running.add(child);
  const ended = once(child, 'close').then(() => running.delete(child));
  let output = '';
  const said = new Promise<readonly string[]>((done, fail) => {
    const take = (piece: Buffer) => {
      output = (output + piece.toString('utf8')).slice(-4000);
      const match = ready.exec(output);
      if (match !== null) done(match.slice(1));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void ended.then(() => fail(new Error(`${args.join(' ')} ended: ${output}`)));
  });
  return {
    pid: child.pid!,
    said: await withLimit(said, START_LIMIT_MS, `${args.join(' ')} starts`),
    async stop(how) {
      child.kill(how === 'ask' ? 'SIGTERM' : 'SIGKILL');
      const insist = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(insist);
    },
  };
}
