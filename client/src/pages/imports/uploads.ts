import type { Encoding, ImportJob } from '@concord/core/records/import';
import { createSignal } from 'solid-js';
import { call, messageOf } from '../../api/index.ts';
import { plural } from '../../lib/format.ts';
import { showToast } from '../../ui/toast.tsx';

/** A file on its way to the server. The server's own job shows its progress; this is what only the page knows. */
export interface Upload {
  readonly id: number;
  readonly project: string;
  readonly name: string;
  readonly state: 'waiting' | 'sending' | 'failed';
  readonly failure: string | null;
}
interface Wanted extends Upload {
  readonly bytes: Blob;
  readonly encoding: Encoding;
  readonly mapping: Readonly<Record<string, string>> | null;
}

const [uploads, setUploads] = createSignal<readonly Wanted[]>([]);
let lastId = 0;
let running = false;

/** Files waiting, being sent or refused as a whole. They go on while other pages are looked at. */
export const allUploads: () => readonly Upload[] = uploads;

export function dismissUpload(id: number): void {
  setUploads((all) => all.filter((u) => u.id !== id));
}

/** Sends a file to be imported; one after the other. A mapping (data field to column) replaces the guessed one. */
export function upload(
  project: string,
  { name, bytes, encoding }: Pick<Wanted, 'name' | 'bytes' | 'encoding'>,
  mapping: Readonly<Record<string, string>> | null,
): void {
  lastId += 1;
  setUploads((all) => [
    ...all,
    { id: lastId, project, name, bytes, encoding, mapping, state: 'waiting', failure: null },
  ]);
  void run();
}

/** Whether an import left everything as it was and found nothing that was here already. */
export const cameToNothing = (job: Pick<ImportJob, 'added' | 'duplicates' | 'labelled'>): boolean =>
  job.added + job.duplicates + job.labelled === 0;

function patch(id: number, change: Partial<Wanted>): void {
  setUploads((all) => all.map((u) => (u.id === id ? { ...u, ...change } : u)));
}

/** A closed page would cut the file off in the middle; the browser asks first. */
function stay(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

async function run(): Promise<void> {
  if (running) return;
  running = true;
  addEventListener('beforeunload', stay);
  for (;;) {
    const next = uploads().find((u) => u.state === 'waiting');
    if (!next) break;
    patch(next.id, { state: 'sending' });
    try {
      const job = await call('imports.create', {
        params: { project: next.project },
        query: {
          name: next.name,
          encoding: next.encoding,
          ...(next.mapping === null ? {} : { mapping: JSON.stringify(next.mapping) }),
        },
        bytes: next.bytes,
      });
      dismissUpload(next.id);
      if (job.failure === null)
        showToast(
          job.errorCount > 0 || cameToNothing(job) ? 'info' : 'ok',
          `${next.name}: ${cameToNothing(job) ? 'nothing came in' : plural(job.added, 'new task')}${job.errorCount > 0 ? `, ${plural(job.errorCount, 'row')} refused` : ''}.`,
        );
    } catch (error) {
      patch(next.id, { state: 'failed', failure: messageOf(error) });
    }
  }
  running = false;
  removeEventListener('beforeunload', stay);
}
