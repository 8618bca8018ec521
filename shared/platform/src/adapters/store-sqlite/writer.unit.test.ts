import { expect, it } from 'vitest';
import type { Job, Outcome } from './job.ts';
import { createWriter, type LaneEvents, type Writer } from './writer.ts';

const job: Job = { kind: 'reserve', key: 'k', by: 1 };
const refusal = (code: 'conflict' | null, message: string): Outcome => ({
  refusal: { code, sqlite: code === null ? 'SQLITE_FULL' : null, message, errors: [] },
});

/** A writer whose disk says what the test tells it to. */
function scripted(): { writer: Writer; events: LaneEvents; broken: Error[] } {
  let events: LaneEvents | null = null;
  const broken: Error[] = [];
  const writer = createWriter(
    (given) => {
      events = given;
      return { post: () => {}, close: async () => {} };
    },
    (error) => broken.push(error),
  );
  return { writer, events: events as unknown as LaneEvents, broken };
}

it('says that the disk took no write, until it takes one again; a refused rule says nothing about the disk', async () => {
  const { writer, events, broken } = scripted();
  const write = async (outcome: Outcome): Promise<string | null> => {
    const written = writer.write(job).catch(() => {});
    events.done([outcome]);
    await written;
    return writer.trouble();
  };
  expect(writer.trouble()).toBeNull();
  expect(await write(refusal('conflict', 'moved'))).toBeNull();
  expect(await write(refusal(null, 'database or disk is full'))).toBe('database or disk is full');
  expect(await write(refusal('conflict', 'moved'))).toBe('database or disk is full');
  expect(await write({ value: 1 })).toBeNull();
  expect(broken).toEqual([]);
});

it('a failed disk is told once, and refuses what is open and what comes', async () => {
  const { writer, events, broken } = scripted();
  const open = writer.write(job);
  events.failed(new Error('disk I/O error'));
  events.failed(new Error('the thread has ended'));
  await expect(open).rejects.toThrow('disk I/O error');
  await expect(writer.write(job)).rejects.toThrow('disk I/O error');
  expect(writer.trouble()).toBe('disk I/O error');
  expect(broken.map((error) => error.message)).toEqual(['disk I/O error']);
});

it('ending on purpose is no failure', async () => {
  const { writer, events, broken } = scripted();
  await writer.close();
  events.failed(new Error('the thread has ended'));
  await expect(writer.write(job)).rejects.toMatchObject({ code: 'overloaded' });
  expect(broken).toEqual([]);
});
