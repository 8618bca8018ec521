/**
 * Colours of people: the same on their avatar, cursor and outlines. Given out in turn, so that the first 24 accounts
 * differ, each from every other by at least 0.095 in OKLab (about ten just noticeable steps).
 */
const palette = [
  '#2563eb',
  '#d97706',
  '#059669',
  '#db2777',
  '#7c3aed',
  '#0891b2',
  '#dc2626',
  '#65a30d',
  '#c026d3',
  '#6f4c5a',
  '#b586b0',
  '#2c6115',
  '#8b703a',
  '#847ffc',
  '#91288c',
  '#1a5998',
  '#ea60cf',
  '#949d7b',
  '#8062b0',
  '#fa6773',
  '#a03313',
  '#457270',
  '#a26678',
  '#5346be',
] as const;

/** The colour of the `n`th account, counted from 1. */
export function colorOf(n: number): string {
  return palette[(n - 1) % palette.length] ?? palette[0];
}
