/** One vote for one of K labels. */
export interface NominalVote {
  readonly by: string;
  readonly label: string;
  /** Estimated share of right answers, 0..1. */
  readonly weight: number;
}

export interface NominalOutcome {
  readonly label: string;
  readonly confidence: number;
  readonly tie: boolean;
  /** Share (majority) or posterior (weighted) of each label, in the declared order. */
  readonly shares: readonly number[];
  readonly reason: string;
}

// Votes whose shares are this close stand equally (goldens: "after rounding to 9 decimals").
const TIE = 1e-9;
/** Who is worse than chance is believed as little as chance allows, but never against what they said. */
const ABOVE_CHANCE = 0.01;
const MOST_TRUSTED = 0.99;

/** The accuracy a vote is counted with among `k` labels. */
export function usableAccuracy(weight: number, k: number): number {
  return Math.min(MOST_TRUSTED, Math.max(weight, 1 / k + ABOVE_CHANCE));
}

/**
 * Posterior of K labels under the one-coin model with a uniform prior: each vote is right with its own accuracy and
 * else falls evenly on the other labels. `votes`: label index and accuracy in (0, 1).
 */
export function oneCoinPosterior(
  votes: readonly { readonly label: number; readonly accuracy: number }[],
  k: number,
): number[] {
  if (k === 1) return [1];
  const logs = new Array<number>(k).fill(0);
  for (const vote of votes) {
    const right = Math.log(vote.accuracy);
    const wrong = Math.log((1 - vote.accuracy) / (k - 1));
    for (let label = 0; label < k; label++) logs[label]! += label === vote.label ? right : wrong;
  }
  const top = Math.max(...logs);
  const parts = logs.map((log) => Math.exp(log - top));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}

/** What votes on one label say together. Labels that are not declared come after the declared ones. At least one vote. */
export function nominalConsensus(
  votes: readonly NominalVote[],
  declared: readonly string[],
  method: 'majority' | 'weighted',
): NominalOutcome {
  const labels = [...new Set([...declared, ...votes.map((vote) => vote.label)])];
  const place = new Map(labels.map((label, i) => [label, i]));
  const counts = new Array<number>(labels.length).fill(0);
  for (const vote of votes) counts[place.get(vote.label)!]!++;
  const shares =
    method === 'majority'
      ? counts.map((count) => count / votes.length)
      : oneCoinPosterior(
          // Sorted, so that the same votes in another order give the same bits.
          [...votes]
            .sort((a, b) => (a.by < b.by ? -1 : 1))
            .map((vote) => ({
              label: place.get(vote.label)!,
              accuracy: usableAccuracy(vote.weight, labels.length),
            })),
          labels.length,
        );
  let best = 0;
  shares.forEach((share, i) => {
    if (share > shares[best]! + TIE) best = i;
  });
  const tie = shares.some((share, i) => i !== best && counts[i]! > 0 && share >= shares[best]! - TIE);
  const label = labels[best]!;
  const chose = `${counts[best]} of ${votes.length} chose ${label}`;
  return {
    label,
    confidence: shares[best]!,
    tie,
    shares,
    reason: tie
      ? `${chose}, and as many another answer`
      : method === 'majority'
        ? chose
        : `${chose}; weighed by reliability, ${(100 * shares[best]!).toFixed(0)} % sure`,
  };
}
