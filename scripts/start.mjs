// `npm start`: install what is missing, build what changed, then become the server.
import { requireNode } from './lib/node-version.mjs';

requireNode();
const { install } = await import('./lib/install.mjs');
await install();
const { buildAll } = await import('./build.mjs');
try {
  await buildAll();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import('../server/dist/main.js');
