import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../../..');
/** The servers measured beside Concord, and what they are made of. */
export const peersFolder = join(root, 'load-tests/peers');
/** Data of the Concords that this process measures: on the disk of this checkout, since temporary folders often are memory. */
export const workFolder = join(root, 'data/bench', String(process.pid));
