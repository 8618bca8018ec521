// `npm run bench`: installs and builds what the benchmark of the live rooms needs, runs it. `npm run bench -- --help`.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { install } = await import('./lib/install.mjs');
await install();
const { buildAll } = await import('./build.mjs');
const { root } = await import('./lib/paths.mjs');
const { run } = await import('./lib/run.mjs');
await buildAll();

/** The servers measured beside Concord; nothing else needs them, so that they have a lock file of their own. */
async function installPeers() {
  const folder = `${root}/load-tests/peers`;
  const stamp = `${folder}/node_modules/.concord-lock`;
  const wanted = createHash('sha256')
    .update(readFileSync(`${folder}/package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing the servers to measure beside…');
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { code, output } = await run('npm', args, { quiet: true });
  if (code !== 0) {
    console.error(output.trim());
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

await installPeers();
const { code } = await run('node', [
  '--import',
  'tsx',
  'load-tests/src/bench-realtime.ts',
  ...process.argv.slice(2),
]);
process.exit(code);
