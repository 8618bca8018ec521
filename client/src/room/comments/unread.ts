import { createSignal } from 'solid-js';
import { me } from '../../shell/session.ts';

/** Tasks whose read comments are remembered on this device. */
const tasksKept = 200;
const indexKey = 'concord.read';

function readList(key: string): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
/** Storage may be full or forbidden; then comments are new again on the next visit, and nothing breaks. */
function writeList(key: string, list: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(list));
  } catch {
    // As above.
  }
}

/** Which comments of a task this person has read on this device. */
export interface ReadComments {
  has(id: string): boolean;
  add(ids: readonly string[]): void;
}

export function createReadComments(task: string): ReadComments {
  const key = `concord.read.${me().id}.${task}`;
  const [read, setRead] = createSignal<ReadonlySet<string>>(new Set(readList(key)));
  return {
    has: (id) => read().has(id),
    add(ids) {
      const fresh = ids.filter((id) => !read().has(id));
      if (fresh.length === 0) return;
      setRead(new Set([...read(), ...fresh]));
      writeList(key, [...read()]);
      const index = [key, ...readList(indexKey).filter((other) => other !== key)];
      for (const old of index.slice(tasksKept)) localStorage.removeItem(old);
      writeList(indexKey, index.slice(0, tasksKept));
    },
  };
}
