import type { ImportJob } from '@concord/core/records/import';
import type { Task } from '@concord/core/records/task';
import type { TestServer } from './server.ts';

/** A job, or (where there is none) the problem's own fields. */
export type Answer = ImportJob & { readonly code?: string; readonly detail?: string };

export interface ImportOptions {
  readonly encoding?: string;
  readonly wait?: boolean;
  readonly key?: string;
}

/** Sends a file to be imported: the job, or why it was refused before there was one. */
export async function bring(
  server: TestServer,
  project: string,
  name: string,
  content: string | Uint8Array,
  { encoding, wait, key = server.adminKey }: ImportOptions = {},
): Promise<Answer> {
  const query = new URLSearchParams({ name });
  if (encoding !== undefined) query.set('encoding', encoding);
  if (wait !== undefined) query.set('wait', String(wait));
  const answer = await fetch(`${server.url}/api/v1/projects/${project}/imports?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' },
    body: content as string,
  });
  return (await answer.json()) as Answer;
}

export async function tasksOf(server: TestServer, project: string): Promise<Task[]> {
  return (await server.api.get<{ items: Task[] }>(`/projects/${project}/tasks?limit=500`)).items;
}

/** "row: message" of what was refused; "from–until" where several rows were lost at once. */
export const refusals = (job: ImportJob): string[] =>
  job.errors.map(
    ({ row, until, file, message }) =>
      `${file === undefined ? '' : `${file} `}${until === undefined ? row : `${row}–${until}`}: ${message}`,
  );
