const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A random id of `length` lower-case letters and digits (about 5.2 bits each). */
export function randomId(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}

/** A region's or comment's id: made here, so that an op can be repeated without harm. */
export function newRegionId(): string {
  return randomId(14);
}

const storageKey = 'concord.client';

/**
 * This tab's client id. It outlives a reload (so that what was sent but not answered is recognised), and no two open
 * tabs share one: a browser that duplicates a tab copies its storage, so the id is held by a lock for as long as the
 * page lives, and a tab that finds its id held takes a new one.
 */
export async function claimClientId(): Promise<string> {
  const kept = sessionStorage.getItem(storageKey);
  const id = kept !== null && (await holdClientId(kept)) ? kept : await freshClientId();
  sessionStorage.setItem(storageKey, id);
  return id;
}

async function freshClientId(): Promise<string> {
  const id = `c-${randomId(18)}`;
  await holdClientId(id);
  return id;
}

/** Holds the id until the page goes; false when another open page holds it. Without the Locks API always true. */
export function holdClientId(id: string): Promise<boolean> {
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    locks
      .request(`concord.client.${id}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<never>(() => {});
      })
      .catch(() => resolve(true));
  });
}
