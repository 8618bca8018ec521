// Holds the tree against what ARCHITECTURE.md and the habits say: every folder is described and exists, arrows point one way,
// no source file is over 400 lines, every numbered rule of a SPEC.md is cited by a test.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './lib/paths.mjs';

const CEILING = 400;
/** One table each, longer than a file of code may be. */
const tables = new Set(['shared/core/src/protocol/routes.ts']);
/** What each package may import of ours. */
const arrows = {
  'shared/core': [],
  'shared/platform': ['@concord/core'],
  server: ['@concord/core', '@concord/platform'],
  'inference-worker': ['@concord/core', '@concord/platform'],
  'versioning-worker': ['@concord/core', '@concord/platform'],
  client: ['@concord/core'],
  'load-tests': ['@concord/core', '@concord/platform'],
};

const problems = [];
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const sources = tracked.filter((file) => /\.(ts|tsx|mjs)$/.test(file));

for (const file of sources) {
  const text = readFileSync(join(root, file), 'utf8');
  const lines = text.split('\n').length;
  if (lines > CEILING && !tables.has(file) && !/\.test\.tsx?$/.test(file))
    problems.push(`${file}: ${lines} lines, over the ceiling of ${CEILING}; split it`);
  const owner = Object.keys(arrows).find((dir) => file.startsWith(`${dir}/`));
  if (owner === undefined) continue;
  for (const [, target] of text.matchAll(/from '(@concord\/[a-z]+)[/']/g)) {
    if (!arrows[owner].includes(target))
      problems.push(
        `${file} imports ${target}; ${owner} may import ${arrows[owner].join(', ') || 'nothing of ours'}`,
      );
  }
  if (
    /^shared\/core\/src\/(rooms|agreement)\//.test(file) &&
    /from '[^']*modalities\/(?!modality)/.test(text) &&
    !/\.test\./.test(file)
  ) {
    problems.push(`${file} imports a modality; it is passed in instead`);
  }
  if (
    /process\.env/.test(text) &&
    /^(server|shared|client|inference-worker|versioning-worker)\/src/.test(file) &&
    !file.startsWith('shared/platform/src/config/') &&
    !/\.test\.|\/testing\//.test(file)
  ) {
    problems.push(`${file} reads process.env; options come from shared/platform/src/config`);
  }
}

const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
const named = new Set(
  [...page.matchAll(/^ {0,12}([a-z][a-z0-9./-]*\/)(?=\s)/gm)].map((m) => m[1].replace(/\/$/, '')),
);
const folders = new Set(sources.map((file) => dirname(file)).filter((dir) => /\/src\/[^/]+$/.test(dir)));
for (const folder of folders)
  if (!named.has(folder)) problems.push(`${folder}/ is not described in ARCHITECTURE.md`);
for (const folder of named)
  if (!existsSync(join(root, folder)))
    problems.push(`ARCHITECTURE.md names ${folder}/, which does not exist`);

/** What tests say of themselves: their text without whole-line comments. */
const tests = sources
  .filter((file) => /\.(test|contract)\.tsx?$/.test(file))
  .map((file) => readFileSync(join(root, file), 'utf8').replace(/^\s*\/\/.*$/gm, ''))
  .join('\n');
for (const file of tracked.filter((name) => name.endsWith('/SPEC.md')))
  for (const [, rule] of readFileSync(join(root, file), 'utf8').matchAll(/^- \*\*\[?([A-Z]{2}\d+)\]?\*\*/gm))
    if (!tests.includes(`[${rule}]`)) problems.push(`${file}: no test's title cites ${rule}`);

for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
