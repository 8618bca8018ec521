import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const stampFile = `${root}/node_modules/.concord-lock`;
const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(`${root}/package-lock.json`))
    .digest('hex');

/**
 * Installs what the lock file names, once per lock file. Says one clear line when it fails. Not `npm ci`: that refuses a lock file
 * whose registry does not carry every other platform's optional builds.
 */
export async function install() {
  const wanted = lockHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  console.log('Installing packages (first time, or the lock file changed)…');
  const { code, output } = await run(
    'npm',
    ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { quiet: true },
  );
  if (code !== 0) {
    console.error(output.trim());
    console.error(
      'npm install failed, see above. Check the network (a package registry must be reachable) and try again.',
    );
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
}
