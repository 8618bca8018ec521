import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/paths.mjs';
import { bin, run } from './lib/run.mjs';

/** What is built, from which sources. Each part has its own stamp, so that only what changed is built again. */
const parts = [
  {
    name: 'server',
    sources: ['shared', 'server/src'],
    entries: {
      'server/dist/main.js': 'server/src/main.ts',
      'server/dist/cli.js': 'server/src/cli/main.ts',
      'server/dist/store-writer.js': 'shared/platform/src/adapters/store-sqlite/writer-thread.ts',
    },
  },
  {
    name: 'inference-worker',
    sources: ['shared', 'inference-worker/src'],
    entries: { 'inference-worker/dist/main.js': 'inference-worker/src/main.ts' },
  },
  {
    name: 'versioning-worker',
    sources: ['shared', 'versioning-worker/src'],
    entries: { 'versioning-worker/dist/main.js': 'versioning-worker/src/main.ts' },
  },
  {
    name: 'client',
    sources: ['shared', 'client/src', 'client/index.html', 'client/vite.config.ts', 'client/public'],
  },
];

function* files(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) return yield path;
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.includes('.test.')) continue;
    if (entry.isDirectory()) yield* files(join(path, entry.name));
    else yield join(path, entry.name);
  }
}

function fingerprint(part) {
  const hash = createHash('sha256');
  for (const source of [...part.sources, 'package-lock.json', 'scripts/build.mjs']) {
    for (const file of files(join(root, source)))
      hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

async function buildNode(part) {
  const { build, stop } = await import('esbuild');
  for (const [outfile, entry] of Object.entries(part.entries)) {
    await build({
      entryPoints: [join(root, entry)],
      outfile: join(root, outfile),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      sourcemap: true,
      logLevel: 'warning',
      // Our own packages go into the bundle, everything from npm stays outside.
      plugins: [
        {
          name: 'npm-external',
          setup(b) {
            b.onResolve({ filter: /^[^./]/ }, (args) =>
              args.path.startsWith('@concord/') || args.kind === 'entry-point'
                ? undefined
                : { path: args.path, external: true },
            );
          },
        },
      ],
    });
  }
  // Its service would stay as a child of the server that this process becomes.
  await stop();
}

/** Builds what is stale. `only` limits it to one part. */
export async function buildAll({ only } = {}) {
  for (const part of parts) {
    if (only !== undefined && only !== part.name) continue;
    const stamp = join(root, part.name, 'dist/.built');
    const now = fingerprint(part);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
    const from = performance.now();
    if (part.entries) await buildNode(part);
    else {
      const { code, output } = await run(bin('vite'), ['build', 'client', '--logLevel', 'warn'], {
        quiet: true,
      });
      if (code !== 0) throw new Error(`building the ${part.name} failed:\n${output}`);
    }
    mkdirSync(join(root, part.name, 'dist'), { recursive: true });
    writeFileSync(stamp, now);
    console.log(`Built ${part.name} in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildAll(process.argv[2] ? { only: process.argv[2] } : {}).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
