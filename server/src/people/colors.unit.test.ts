import { expect, it } from 'vitest';
import { colorOf } from './colors.ts';

/** A colour like #3b82f6 in OKLab, where distance is about what eyes see. */
function oklab(hex: string): [number, number, number] {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

it('gives any two of 24 accounts in a row colours that can be told apart, and the 25th the first again', () => {
  const colors = Array.from({ length: 24 }, (_, i) => colorOf(i + 1));
  for (const [i, one] of colors.entries())
    for (const other of colors.slice(0, i)) {
      const a = oklab(one);
      const b = oklab(other);
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), `${one} ${other}`).toBeGreaterThan(0.095);
    }
  expect(colorOf(25)).toBe(colorOf(1));
});
