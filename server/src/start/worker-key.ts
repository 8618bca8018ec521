import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { People } from '../people/index.ts';

const workerName = 'concord-models';

/**
 * The API key our own workers sign in with, of a user with the role `model`. Kept in the data folder, readable by its
 * owner only; made again when it is lost or was revoked.
 */
export async function workerKey(people: People, dataFolder: string): Promise<string> {
  const file = join(dataFolder, 'worker.key');
  if (existsSync(file)) {
    const kept = readFileSync(file, 'utf8').trim();
    if (await people.authenticate({ apiKey: kept })) return kept;
  }
  const key = await newKey(people);
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return key;
}

async function newKey(people: People): Promise<string> {
  const user = await people.findUser(workerName);
  if (user) return (await people.createKey(user, 'worker')).key;
  return (await people.createUser({ name: workerName, display: 'Concord models', role: 'model' })).key;
}
