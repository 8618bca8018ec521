import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function capture(options: { pretty?: boolean } = {}) {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', ...options, write: (line) => lines.push(line) });
  return { lines, logger };
}

describe('logger', () => {
  it('writes one JSON object a line, with level and time in words', () => {
    const { lines, logger } = capture();
    logger.child({ part: 'rooms' }).info({ task: 'tsk_1' }, 'opened');
    const entry = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(entry).toMatchObject({ level: 'info', part: 'rooms', task: 'tsk_1', msg: 'opened' });
    expect(Number.isNaN(Date.parse(String(entry['time'])))).toBe(false);
  });

  it('blanks secrets at any of the usual depths', () => {
    const { lines, logger } = capture();
    logger.info({
      password: 'hunter2',
      body: { token: 'hunter2' },
      request: { headers: { authorization: 'Bearer hunter2', cookie: 'hunter2' } },
    });
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('leaves out what is below its level', () => {
    const { lines, logger } = capture();
    logger.debug('hidden');
    expect(lines).toEqual([]);
  });

  it('prints for people when asked, with the stack of an error', () => {
    const { lines, logger } = capture({ pretty: true });
    logger.error({ err: new Error('disk full'), file: 'a b' }, 'could not save');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d error could not save file="a b"\n {2}Error: disk full/);
  });
});
