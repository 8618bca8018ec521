import { isConcordError } from '@concord/core/errors/concord-error';

/** The code of what was thrown and the field it names; null when nothing was. */
export async function refusal(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (isConcordError(error, 'conflict')) return `conflict at ${error.errors[0]?.path}`;
    if (isConcordError(error, 'room.stale')) return 'room.stale';
    throw error;
  }
}
