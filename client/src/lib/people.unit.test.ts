import { user } from '@concord/core/records/user';
import { describe, expect, it } from 'vitest';
import { initialsOf, inkOn, luminance, signInNameFrom } from './people.ts';

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

describe('signInNameFrom', () => {
  it.each([
    ['Ada Lovelace', 'ada.lovelace'],
    ['Žofia Østergård', 'zofia.ostergard'],
    ['  José  M. ', 'jose.m'],
    ['ada@example.org', 'ada@example.org'],
  ])('%s gives %s, which the server takes', (display, name) => {
    expect(signInNameFrom(display)).toBe(name);
    expect(user.shape.name.safeParse(name).success).toBe(true);
  });
});
