import { betaMass, betaQuantile } from './beta.ts';

/** What is known of somebody's share of right answers. */
export interface Reliability {
  /** Mean of Beta(1 + right, 1 + wrong). */
  readonly mean: number;
  /** Middle 95 % of it. */
  readonly interval: readonly [number, number];
}

/** From settled (or gold) items: `right` of `settled` answers equalled the settled one. Nothing known: 0.5, wide open. */
export function reliability(right: number, settled: number): Reliability {
  const a = 1 + right;
  const b = 1 + settled - right;
  return { mean: a / (a + b), interval: [betaQuantile(0.025, a, b), betaQuantile(0.975, a, b)] };
}

/** Probability that the share of right answers is above `bar`. */
export function chanceAbove(bar: number, right: number, settled: number): number {
  return 1 - betaMass(bar, 1 + right, 1 + settled - right);
}

/** A newcomer counts as somebody who was right 4 times out of 5. */
const PRIOR_RIGHT = 4;
const PRIOR_SETTLED = 5;

/**
 * The weight of a person's vote, 0..1. Its prior leans to "right", unlike the one of `reliability`: with an even
 * prior a new person among two classes would count for nothing, and a new project could settle nothing.
 */
export function voteWeight(right: number, settled: number): number {
  return (right + PRIOR_RIGHT) / (settled + PRIOR_SETTLED);
}
