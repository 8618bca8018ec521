import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createBatchWriter } from './batch-writer.ts';
import type { Job } from './job.ts';
import type { FromWriterThread, ToWriterThread } from './thread-writer.ts';

/** The thread that writes a store's file: whatever waits when the disk is free goes into its next transactions. */
const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');
const batch = createBatchWriter(String(workerData));

function close(): void {
  batch.close();
  port?.close();
}

port.on('message', (first: ToWriterThread) => {
  if (first === null) return close();
  const jobs: Job[] = [...first];
  let ends = false;
  for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) {
    const message = more.message as ToWriterThread;
    if (message === null) ends = true;
    else jobs.push(...message);
  }
  port.postMessage(batch.run(jobs) satisfies FromWriterThread);
  if (ends) close();
});
