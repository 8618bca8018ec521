import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isConcordError } from '@concord/core/errors/concord-error';
import type { User } from '@concord/core/records/user';
import type { People } from '../people/index.ts';

const workerName = 'concord-models';

/** The user our own workers are, and the key they sign in with. */
export interface WorkerAccess {
  readonly user: User;
  readonly key: string;
}

/**
 * The API key our own workers sign in with, of a user with the role `model`. Kept in the data folder, readable by its
 * owner only; made again when it is lost or was revoked.
 */
export async function workerKey(people: People, dataFolder: string): Promise<WorkerAccess> {
  const file = join(dataFolder, 'worker.key');
  if (existsSync(file)) {
    const kept = readFileSync(file, 'utf8').trim();
    const user = await people.authenticate({ apiKey: kept });
    if (user) return { user, key: kept };
  }
  const made = await newKey(people);
  writeFileSync(file, `${made.key}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return made;
}

async function newKey(people: People): Promise<WorkerAccess> {
  const known = await people.findUser(workerName);
  if (known === null) {
    try {
      return await people.createUser({ name: workerName, display: 'Concord models', role: 'model' });
    } catch (error) {
      // Another node that starts at this moment was faster.
      if (!isConcordError(error, 'conflict')) throw error;
      return newKey(people);
    }
  }
  return { user: known, key: (await people.createKey(known, 'worker')).key };
}
