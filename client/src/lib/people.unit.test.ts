import { describe, expect, it } from 'vitest';
import { initialsOf, inkOn, luminance } from './people.ts';

describe('initialsOf', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['grace', 'GR'],
    ['Jean-Luc de la Tour', 'JT'],
    ['bot.classifier', 'BC'],
    ['Ö', 'Ö'],
    ['', '?'],
  ])('%s gives %s', (display, initials) => expect(initialsOf(display)).toBe(initials));
});

describe('inkOn', () => {
  it('reads at 4.5:1 or better on any colour', () => {
    for (let i = 0; i < 4096; i += 7) {
      const hex = `#${[i >> 8, (i >> 4) & 15, i & 15].map((n) => (n * 17).toString(16).padStart(2, '0')).join('')}`;
      const a = luminance(hex) + 0.05;
      const b = luminance(inkOn(hex)) + 0.05;
      expect(Math.max(a, b) / Math.min(a, b)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
