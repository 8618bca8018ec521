/** Colours of people, chosen to be told apart on light and dark ground and by most colour-blind eyes. Given out in turn. */
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
  '#0d9488',
  '#ea580c',
  '#4f46e5',
] as const;

/** The colour of the `n`th account, counted from 1. */
export function colorOf(n: number): string {
  return palette[(n - 1) % palette.length] ?? palette[0];
}
