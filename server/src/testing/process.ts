import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { childEnvironment } from '@concord/platform/config/child-environment';

const sources = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** A script of ours running from its sources, in a process of its own. */
export interface ScriptProcess {
  readonly child: ChildProcess;
  /** Standard output so far. */
  stdout(): string;
  stderr(): string;
  /** Waits until standard output has this; the first match. Fails when the process ends before. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export type Script =
  | 'main.ts'
  | 'cli/main.ts'
  | '../../versioning-worker/src/main.ts'
  | '../../inference-worker/src/main.ts';

/** Starts the server, `concord` or a worker with arguments. */
export function startScript(
  script: Script,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
): ScriptProcess {
  const child = spawn(process.execPath, ['--import', tsx, join(sources, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(environment),
    ...(cwd === undefined ? {} : { cwd }),
  });
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  child.stdout.on('data', (piece: Buffer) => {
    out += piece.toString('utf8');
    wake();
  });
  child.stderr.on('data', (piece: Buffer) => {
    err += piece.toString('utf8');
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? -1));
  });
  return {
    child,
    stdout: () => out,
    stderr: () => err,
    ended,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = out.match(pattern);
          if (!match) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        look();
        void ended.then((how) => {
          look();
          reject(new Error(`ended with ${how} before ${pattern}: ${out}${err}`));
        });
      }),
  };
}
