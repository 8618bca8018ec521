/** Colours offered for classes: told apart by most people, readable as dots and borders in both themes. */
export const classColors = [
  '#2563eb',
  '#d97706',
  '#16a34a',
  '#dc2626',
  '#9333ea',
  '#0891b2',
  '#db2777',
  '#65a30d',
  '#4f46e5',
  '#b45309',
  '#0d9488',
  '#64748b',
] as const;

/** The first colour that is not taken yet, or the next one round. */
export function nextColor(taken: readonly string[]): string {
  const free = classColors.find((c) => !taken.some((t) => t.toLowerCase() === c));
  return free ?? classColors[taken.length % classColors.length]!;
}
