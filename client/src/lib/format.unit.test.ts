import { describe, expect, it } from 'vitest';
import { ago, agoShort, bytes, coefficient, count, duration, percent, plural, shortCount } from './format.ts';

describe('format', () => {
  it('numbers', () => {
    expect([count(1234567), shortCount(9999), shortCount(566_178)]).toEqual(['1,234,567', '9,999', '566.2K']);
    expect([plural(1, 'task'), plural(2, 'task'), plural(0, 'entry', 'entries')]).toEqual([
      '1 task',
      '2 tasks',
      '0 entries',
    ]);
  });
  it('shares and coefficients keep undefined apart from zero', () => {
    expect([percent(0), percent(0.004), percent(0.873), percent(null)]).toEqual(['0%', '0.4%', '87%', '–']);
    expect([coefficient(-0.125), coefficient(1), coefficient(null)]).toEqual(['−0.13', '1.00', '–']);
  });
  it('bytes', () => {
    expect([bytes(512), bytes(1536), bytes(262_144), bytes(20_000_000)]).toEqual([
      '512 B',
      '1.5 kB',
      '262 kB',
      '20.0 MB',
    ]);
  });
  it('durations', () => {
    expect([duration(850), duration(3200), duration(12_000), duration(200_000), duration(7_500_000)]).toEqual(
      ['850 ms', '3.2 s', '12 s', '3 min 20 s', '2 h 5 min'],
    );
    expect([duration(9999), duration(59_700)]).toEqual(['10 s', '1 min']);
  });
  it('ago', () => {
    const now = 1_800_000_000_000;
    expect([0, 59_000, 300_000, 7_200_000, 5 * 86_400_000].map((ms) => ago(now - ms, now))).toEqual([
      'just now',
      'just now',
      '5 min ago',
      '2 h ago',
      '5 d ago',
    ]);
    expect([agoShort(now, now), agoShort(now - 300_000, now)]).toEqual(['now', '5 min']);
  });
});
