export interface Verdict {
  readonly level: 'good' | 'fair' | 'poor';
  readonly text: string;
}

/**
 * What a chance-corrected coefficient says, by Krippendorff's usual bounds: 0.8 and above is reliable,
 * 0.667 and above allows tentative conclusions, less does not. Null where there is no value.
 */
export function verdictOf(value: number | null): Verdict | null {
  if (value === null) return null;
  if (value >= 0.8) return { level: 'good', text: 'reliable' };
  if (value >= 0.667) return { level: 'fair', text: 'tentative' };
  return { level: 'poor', text: 'too low to rely on' };
}
