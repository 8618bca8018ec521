import { ConcordError } from '@concord/core/errors/concord-error';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUnitPlatform, type UnitPlatform } from '../../testing/unit-platform.ts';
import { Answer } from './handler.ts';
import { createIdempotency, type Idempotency } from './idempotency.ts';

describe('idempotency', () => {
  let platform: UnitPlatform;
  let idempotency: Idempotency;
  let runs: number;
  const run = async () => {
    runs += 1;
    return { made: runs };
  };
  beforeEach(() => {
    platform = createUnitPlatform();
    idempotency = createIdempotency(platform.store, platform.clock);
    runs = 0;
  });
  afterEach(() => platform.dispose());

  test('the same key gives the first answer, also to a new server on the same store', async () => {
    expect(await idempotency.once('ann create', 'k', { a: 1 }, run)).toEqual({ made: 1 });
    const again = await createIdempotency(platform.store, platform.clock).once(
      'ann create',
      'k',
      { a: 1 },
      run,
    );
    expect(again).toMatchObject({ body: { made: 1 }, headers: { 'idempotency-replayed': 'true' } });
    expect(runs).toBe(1);
  });

  test('status and headers of the first answer are kept', async () => {
    const answer = async () => new Answer({ status: 201, body: { a: 1 }, headers: { etag: '"1"' } });
    await idempotency.once('s', 'k', null, answer);
    expect(await idempotency.once('s', 'k', null, answer)).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
    });
  });

  test('another caller, or another key, is another call', async () => {
    await idempotency.once('ann', 'k', null, run);
    await idempotency.once('bob', 'k', null, run);
    await idempotency.once('ann', 'l', null, run);
    expect(runs).toBe(3);
  });

  test('one key for two different calls is refused', async () => {
    await idempotency.once('ann', 'k', { a: 1 }, run);
    await expect(idempotency.once('ann', 'k', { a: 2 }, run)).rejects.toMatchObject({
      code: 'input.invalid',
      errors: [expect.objectContaining({ path: 'Idempotency-Key' })],
    });
  });

  test('of two at once one runs, the other is told to come again', async () => {
    let finish = () => {};
    const slow = () =>
      new Promise<object>((resolve) => {
        runs += 1;
        finish = () => resolve({ made: runs });
      });
    const first = idempotency.once('ann', 'k', null, slow);
    await expect.poll(() => runs).toBe(1);
    await expect(idempotency.once('ann', 'k', null, slow)).rejects.toMatchObject({ code: 'conflict' });
    finish();
    expect(await first).toEqual({ made: 1 });
  });

  test('a call that failed may be repeated; one lost with its server too, after a minute', async () => {
    const fail = async () => {
      throw new ConcordError('overloaded', 'later');
    };
    await expect(idempotency.once('ann', 'k', null, fail)).rejects.toMatchObject({ code: 'overloaded' });
    expect(await idempotency.once('ann', 'k', null, run)).toEqual({ made: 1 });

    void idempotency.once('ann', 'lost', null, () => new Promise(() => {}));
    await expect
      .poll(
        async () => (await platform.store.page('idempotency', { index: 'expiry', limit: 9 })).items.length,
      )
      .toBe(2);
    await expect(idempotency.once('ann', 'lost', null, run)).rejects.toMatchObject({ code: 'conflict' });
    await platform.clock.advance(60_001);
    expect(await idempotency.once('ann', 'lost', null, run)).toEqual({ made: 2 });
  });

  test('answers are forgotten after a day', async () => {
    await idempotency.once('ann', 'k', null, run);
    await platform.clock.advance(86_400_001);
    await idempotency.once('ann', 'other', null, run);
    expect(await platform.store.page('idempotency', { index: 'expiry', limit: 9 })).toMatchObject({
      items: [{ record: { answer: { body: { made: 2 } } } }],
    });
    expect(await idempotency.once('ann', 'k', null, run)).toEqual({ made: 3 });
  });
});
