import { createHash } from 'node:crypto';
import { ConcordError, isConcordError } from '@concord/core/errors/concord-error';
import type { IdempotencyRecord } from '@concord/core/records/idempotency';
import type { Clock } from '@concord/platform/ports/clock';
import type { Store } from '@concord/platform/ports/store';
import { Answer } from './handler.ts';

const keepMs = 24 * 3_600_000;
/** A first call that has not answered in this time is taken to be lost with its server. */
const runningMs = 60_000;

/** Runs calls that come with an `Idempotency-Key` once: the answer is kept in the store for a day and given again. */
export interface Idempotency {
  /**
   * `scope` names caller and route, `asked` is what was asked. The same key with another question is `input.invalid`;
   * while the first call still runs it is `conflict`. A first call that failed leaves no trace and may be repeated.
   */
  once(scope: string, key: string, asked: unknown, run: () => Promise<unknown>): Promise<unknown>;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export function createIdempotency(store: Store, clock: Clock): Idempotency {
  /** Forgets what is past its day, a few at a time, whenever something new is kept. */
  async function forgetOld(): Promise<void> {
    const old = await store.page('idempotency', {
      index: 'expiry',
      range: { lt: clock.now() },
      limit: 20,
    });
    if (old.items.length === 0) return;
    await store.commit({
      writes: old.items.map((r) => ({ remove: 'idempotency', id: r.record.id, expect: 'any' }) as const),
    });
  }

  return {
    async once(scope, key, asked, run) {
      if (key.length > 200)
        throw new ConcordError('input.invalid', 'The Idempotency-Key is longer than 200 characters.', [
          { path: 'Idempotency-Key', message: 'is too long', remedy: 'Use a UUID.' },
        ]);
      const id = sha256(`${scope}\n${key}`);
      const fingerprint = sha256(JSON.stringify(asked ?? null));
      const known = await store.get('idempotency', id);
      const live = known && known.record.expiresAt > clock.now() ? known.record : null;
      if (live && live.fingerprint !== fingerprint)
        throw new ConcordError('input.invalid', 'This Idempotency-Key was used for another call.', [
          { path: 'Idempotency-Key', message: 'was used before', remedy: 'Use a new key for a new call.' },
        ]);
      if (live?.answer)
        return new Answer({
          body: live.answer.body,
          status: live.answer.status,
          headers: { ...live.answer.headers, 'idempotency-replayed': 'true' },
        });
      if (live) throw stillRunning();

      const pending: IdempotencyRecord = {
        id,
        fingerprint,
        answer: null,
        expiresAt: clock.now() + runningMs,
      };
      try {
        await store.commit({
          writes: [{ put: 'idempotency', record: pending, expect: known ? known.rev : 'absent' }],
        });
      } catch (error) {
        throw isConcordError(error, 'conflict') ? stillRunning() : error;
      }
      let result: Awaited<ReturnType<typeof run>>;
      try {
        result = await run();
      } catch (error) {
        await store.commit({ writes: [{ remove: 'idempotency', id, expect: 'any' }] });
        throw error;
      }
      // From here on it has taken effect: where its answer cannot be kept, the key stays taken.
      const answer =
        result instanceof Answer
          ? { status: result.status, body: result.body, headers: { ...result.headers } }
          : { status: 200, body: result, headers: {} };
      const record: IdempotencyRecord = { ...pending, answer, expiresAt: clock.now() + keepMs };
      await store.commit({ writes: [{ put: 'idempotency', record, expect: 'any' }] });
      await forgetOld();
      return result;
    },
  };
}

function stillRunning(): ConcordError {
  return new ConcordError('conflict', 'The first call with this Idempotency-Key still runs. Try again soon.');
}
