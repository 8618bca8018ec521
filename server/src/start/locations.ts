import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The server package's folder, whether this runs from its sources or from dist. */
function serverRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('the server package was not found');
    folder = above;
  }
  return folder;
}

/** Where the other built parts lie. */
export const locations = {
  samples: () => join(serverRoot(), '../examples'),
  client: () => join(serverRoot(), '../client/dist'),
  inference: () => join(serverRoot(), '../inference-worker/dist/main.js'),
  versioning: () => join(serverRoot(), '../versioning-worker/dist/main.js'),
};
