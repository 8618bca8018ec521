import type { ImportError, ImportJob } from '@concord/core/records/import';

const SHOWN_ERRORS = 200;
const KEPT_ERRORS = 100_000;

type Progress = { -readonly [K in keyof ImportJob]: ImportJob[K] };

/** An import's counts as they move, and what was refused. */
export interface Report {
  readonly job: Progress;
  readonly errors: readonly ImportError[];
  refuse(error: ImportError): void;
}

export function createReport(first: ImportJob): Report {
  const job: Progress = { ...first };
  const errors: ImportError[] = [];
  return {
    job,
    errors,
    refuse(error) {
      if (errors.length < KEPT_ERRORS) errors.push(error);
      job.errorCount += rowsIn(error);
      if (errors.length <= SHOWN_ERRORS) job.errors = [...errors];
    },
  };
}

/** How many rows one refusal stands for. */
export const rowsIn = ({ row, until }: ImportError): number => (until === undefined ? 1 : until - row + 1);
