import { createSignal } from 'solid-js';
import { me } from '../shell/session.ts';

/** Tasks of which something is remembered on this device, for each kind of thing. */
const tasksKept = 200;

function readList(key: string): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
/** Storage may be full or forbidden; then it is forgotten by the next visit, and nothing breaks. */
function writeList(key: string, list: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(list));
  } catch {
    // As above.
  }
}

/** What this person has dealt with in a task, remembered on this device. */
export interface KeptIds {
  all(): ReadonlySet<string>;
  add(ids: readonly string[]): void;
  remove(ids: readonly string[]): void;
}

/** `kind` is which ids they are: the comments that were read, the suggestions that were rejected. */
export function createKeptIds(kind: 'read' | 'rejected', task: string): KeptIds {
  const indexKey = `concord.${kind}`;
  const key = `${indexKey}.${me().id}.${task}`;
  const [all, setAll] = createSignal<ReadonlySet<string>>(new Set(readList(key)));
  function keep(ids: ReadonlySet<string>): void {
    setAll(ids);
    writeList(key, [...ids]);
    const index = [key, ...readList(indexKey).filter((other) => other !== key)];
    for (const old of index.slice(tasksKept)) localStorage.removeItem(old);
    writeList(indexKey, index.slice(0, tasksKept));
  }
  return {
    all,
    add(ids) {
      if (ids.some((id) => !all().has(id))) keep(new Set([...all(), ...ids]));
    },
    remove(ids) {
      const gone = new Set(ids);
      keep(new Set([...all()].filter((id) => !gone.has(id))));
    },
  };
}
