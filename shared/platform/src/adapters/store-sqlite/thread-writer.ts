import { Worker } from 'node:worker_threads';
import type { Job, Outcome } from './job.ts';
import { createWriter, type Writer } from './writer.ts';

/** What goes to the thread: jobs to run, or null to close and end. */
export type ToWriterThread = readonly Job[] | null;
export type FromWriterThread = readonly Outcome[];

/** Built, the thread's code lies beside the bundle; from source it needs the loader that reads TypeScript. */
const fromSource = import.meta.url.endsWith('.ts');
const entry = new URL(fromSource ? './writer-thread.ts' : './store-writer.js', import.meta.url);
const execArgv = fromSource
  ? ['--import', new URL('../../testing/read-typescript.mjs', import.meta.url).href]
  : [];

/** Runs jobs in a thread of their own: the calling one plans the next writes and answers reads while the disk works. */
export function createThreadWriter(file: string, onBroken: (error: Error) => void): Writer {
  const worker = new Worker(entry, {
    workerData: file,
    execArgv,
    name: 'store-writer',
  });
  return createWriter(({ done, failed }) => {
    worker.on('message', (outcomes: FromWriterThread) => done(outcomes));
    worker.on('error', failed);
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        failed(new Error('the thread that writes the store has ended'));
        resolve();
      });
    });
    return {
      post: (jobs) => worker.postMessage(jobs satisfies ToWriterThread),
      async close() {
        worker.postMessage(null satisfies ToWriterThread);
        await ended;
      },
    };
  }, onBroken);
}
