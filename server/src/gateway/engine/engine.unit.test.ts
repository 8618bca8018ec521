import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import type { Logger } from '@concord/platform/observability/logger';
import { silentLogger } from '@concord/platform/observability/logger';
import { describe, expect, test } from 'vitest';
import { targetOf } from './exchange.ts';
import { createEngine, type EngineName, enginesHere } from './index.ts';
import { addressOf } from './uws-address.ts';

const missing = () => ({ why: 'no binary for this machine' });

describe('which engine carries a server', () => {
  const said: unknown[] = [];
  const logger: Logger = { ...silentLogger, info: (...all: unknown[]) => void said.push(all) };
  const nameOf = (choice: EngineName | 'auto', load?: typeof missing) => {
    said.length = 0;
    return createEngine(choice, { clock: systemClock, logger }, load).name;
  };

  test('auto takes the fastest that loads, and says in one line when that is not uws', () => {
    expect([nameOf('auto'), said]).toEqual([
      enginesHere()[0],
      enginesHere()[0] === 'uws' ? [] : [expect.anything()],
    ]);
    expect(nameOf('auto', missing)).toBe('ws');
    expect(said).toEqual([[{ why: 'no binary for this machine' }, expect.stringContaining('does not load')]]);
  });

  test('ws never asks for uws, and uws never falls back in silence', () => {
    expect([nameOf('ws', missing), said]).toEqual(['ws', []]);
    expect(() => nameOf('uws', missing)).toThrow(
      'uWebSockets.js does not load: no binary for this machine. Use --engine ws, or auto, which takes what there is.',
    );
  });
});

describe('what engines have in common', () => {
  test.each([
    ['/a/../b?x=1#y', '/a/../b?x=1#y'],
    ['http://host:1/a?x=1', '/a?x=1'],
    ['*', '/*'],
    ['', '/'],
  ])('the target %j is %j', (raw, target) => {
    expect(targetOf(raw)).toBe(target);
  });

  test.each([
    [[127, 0, 0, 1], '127.0.0.1'],
    [[...Array(15).fill(0), 1], '::1'],
    [[...Array(10).fill(0), 255, 255, 10, 0, 0, 7], '::ffff:10.0.0.7'],
    [[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34], '2001:db8::1234'],
    [[], 'unknown'],
  ])('the address %j is written as Node writes it', (bytes, text) => {
    expect(addressOf(new Uint8Array(bytes).buffer)).toBe(text);
  });
});
