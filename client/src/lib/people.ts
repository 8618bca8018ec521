/** One or two letters for a person's avatar: "Ada Lovelace" gives AL, "grace" gives GR. */
export function initialsOf(display: string): string {
  const words = display
    .trim()
    .split(/[\s._@+-]+/)
    .filter(Boolean);
  const first = words[0] ?? '?';
  const last = words.length > 1 ? words[words.length - 1]! : '';
  const letters = last === '' ? [...first].slice(0, 2).join('') : `${[...first][0]}${[...last][0]}`;
  return letters.toUpperCase();
}

/** Relative luminance of a colour like #3b82f6 (WCAG 2), 0..1. Unknown notations count as mid grey. */
export function luminance(hex: string): number {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!match) return 0.2;
  const [r, g, b] = match.slice(1).map((part) => {
    const value = Number.parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Black or white, whichever reads better on the colour. */
export function inkOn(hex: string): string {
  const light = luminance(hex);
  return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? '#000000' : '#ffffff';
}

/** A sign-in name from a person's name: "Ada Lovelace" gives ada.lovelace, "Žofia Ø." gives zofia.o. */
export function signInNameFrom(display: string): string {
  return display
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replace(/[^a-z0-9@_+-]+/g, '.')
    .replace(/^[._@+-]+|[.]+$/g, '')
    .slice(0, 64);
}
