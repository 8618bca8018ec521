import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/** Runs a program to its end in the project's root. Answers with its exit code and, when `quiet`, its output. */
export function run(command, args, { quiet = false, env = {}, timeoutMs } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.on('error', fail);
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code: code ?? 1, output });
    });
  });
}

/** A program installed by npm, run by its own file so that no shell or npx is in between. */
export const bin = (name) => `${root}/node_modules/.bin/${name}`;
