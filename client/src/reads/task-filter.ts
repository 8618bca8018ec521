import type { TaskState } from '@concord/core/records/task';
import type { TaskFilter } from './queries.ts';

const states: readonly string[] = ['open', 'disputed', 'finalized'] satisfies TaskState[];

type Search = Readonly<Record<string, string | readonly string[] | undefined>>;
const text = (value: Search[string]): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The data table's filter as it stands in the address. What is not valid there is left out. */
export function taskFilterOf(search: Search): TaskFilter {
  const state = text(search['state']);
  const q = text(search['q']);
  const answer = text(search['answer']);
  const after = text(search['after']);
  const from = text(search['from']);
  return {
    ...(state !== undefined && states.includes(state) ? { state: state as TaskState } : {}),
    ...(q === undefined ? {} : { q }),
    ...(answer === undefined ? {} : { answer }),
    ...(after === undefined ? {} : { after }),
    ...(from !== undefined && /^\d{1,12}$/.test(from) ? { from: Number(from) } : {}),
  };
}
