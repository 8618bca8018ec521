import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import solid from 'vite-plugin-solid';

const compressible = /\.(js|css|html|svg|json|txt)$/;
/** Under this many bytes a compressed copy saves nothing worth a file. */
const smallestBytes = 512;

/** Writes `<file>.br` and `<file>.gz` beside every text file of the build, so that the server compresses nothing per request. */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'concord-precompress',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    async closeBundle() {
      for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
        const path = join(entry.parentPath, entry.name);
        if (!entry.isFile() || !compressible.test(path) || (await stat(path)).size < smallestBytes) continue;
        const bytes = await readFile(path);
        const [br, zipped] = await Promise.all([
          promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
          promisify(gzip)(bytes, { level: 9 }),
        ]);
        await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, zipped)]);
      }
    },
  };
}

const proxied = { target: `http://127.0.0.1:${process.env['CONCORD_PORT'] ?? '7300'}`, changeOrigin: false };

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [solid(), tailwindcss(), precompress()],
  server: {
    port: 5173,
    // Fonts come from the hoisted node_modules beside this folder.
    fs: { allow: [fileURLToPath(new URL('..', import.meta.url))] },
    proxy: { '/api': proxied, '/socket.io': { ...proxied, ws: true } },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Icons and fonts stay files of their own: data: addresses would need a wider content policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What most pages share comes as one file: on an empty cache, fifty small ones cost more than their bytes.
        codeSplitting: { groups: [{ name: 'shared', minShareCount: 3 }] },
      },
    },
  },
});
