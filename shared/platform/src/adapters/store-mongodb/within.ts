import type { Clock } from '../../ports/clock.ts';

/**
 * How long one call may take. The driver ends calls to servers that are gone, but now and then one waits for ever: where its
 * connection ended just as it was written to, or leads nowhere.
 */
const answerMs = 20_000;

export class NoAnswer extends Error {
  constructor() {
    super(`no answer within ${answerMs / 1000} s`);
  }
}

/** What `work` gives, or `NoAnswer`. Work goes on then, unobserved: it must do no harm when it ends late. */
export function within<T>(clock: Clock, work: Promise<T>): Promise<T> {
  work.catch(() => {});
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(answerMs, () => reject(new NoAnswer()));
  });
  return Promise.race([work, late]).finally(() => cancel());
}
