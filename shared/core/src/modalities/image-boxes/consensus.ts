import { matchCandidates } from '../../agreement/assignment.ts';
import { type Box, boxIou } from '../../agreement/boxes.ts';
import {
  type Candidate,
  settleCandidates,
  sharedAnswers,
  unanimous,
  votingWeight,
  withConsensusIds,
} from '../../consensus/regions.ts';
import type { Consensus, Vote } from '../modality.ts';
import { boxesOf } from './check.ts';
import { compareBoxes, MATCH_IOU } from './measure.ts';

interface Member {
  readonly by: string;
  readonly box: Box;
  readonly weight: number;
}
/** One object in the image as several people drew it: at most one box of each. */
type Cluster = readonly Member[];

/** How much nearer a box of the same label is, where two compete for a place in a cluster. */
const OTHER_LABEL = 0.5;

/**
 * Boxes are grouped across people (optimal assignment by IoU >= 0.5, one person after the other in order of id), whatever
 * their label. A group that holds more than half of the weight under one label stands: its box is the weighted median of
 * the edges of those who gave that label.
 */
export function boxConsensus(votes: readonly Vote[], method: 'majority' | 'weighted'): Consensus {
  const same = unanimous(votes);
  if (same !== null)
    return {
      annotation: same,
      confidence: 1,
      tie: false,
      reason: said(same.regions.length, votes.length, 0),
    };
  const ordered = [...votes].sort((a, b) => (a.by < b.by ? -1 : 1));
  let clusters: Cluster[] = [];
  const voters = ordered.map(({ by, annotation, ...vote }) => {
    const weight = votingWeight(vote.weight, method);
    const boxes = boxesOf(annotation).sort(compareBoxes);
    clusters = join(
      clusters,
      boxes.map((box) => ({ by, box, weight })),
    );
    return { by, weight, given: boxes.length };
  });
  const candidates = clusters.map(candidateOf).sort((x, y) => compareBoxes(x.box, y.box));
  const outcome = settleCandidates(
    voters,
    candidates.map((c) => c.candidate),
  );
  return {
    annotation: {
      regions: withConsensusIds(outcome.kept),
      answers: sharedAnswers(ordered.map((vote) => vote.annotation)),
    },
    confidence: outcome.confidence,
    tie: outcome.tie,
    reason: said(outcome.kept.length, votes.length, candidates.length - outcome.kept.length),
  };
}

/** Puts one person's boxes into the clusters they fit best; the others begin clusters of their own. */
function join(clusters: readonly Cluster[], members: readonly Member[]): Cluster[] {
  const fused = clusters.map((cluster) => fuse(cluster));
  const candidates = clusters.flatMap((cluster, left) =>
    members.flatMap((member, right) => {
      const iou = boxIou(fused[left]!, member.box);
      if (iou < MATCH_IOU) return [];
      const known = cluster.some((other) => other.box.label === member.box.label);
      return [{ left, right, weight: known ? iou : iou * OTHER_LABEL }];
    }),
  );
  const joined: Cluster[] = [...clusters];
  const placed = new Set<number>();
  for (const { left, right } of matchCandidates(candidates)) {
    joined[left] = [...clusters[left]!, members[right]!];
    placed.add(right);
  }
  for (const [i, member] of members.entries()) if (!placed.has(i)) joined.push([member]);
  return joined;
}

function candidateOf(cluster: Cluster): { box: Box; candidate: Candidate } {
  const weights = new Map<string, number>();
  for (const { box, weight } of cluster) weights.set(box.label, (weights.get(box.label) ?? 0) + weight);
  const [label] = [...weights].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]!;
  const members = cluster.filter((member) => member.box.label === label);
  const box = fuse(members);
  const { x, y, width, height } = box;
  return {
    box,
    candidate: {
      region: { kind: 'box', label, shape: { x, y, width, height } },
      holders: members.map((member) => member.by),
    },
  };
}

/** Weighted median of each edge; equal boxes give exactly that box. */
function fuse(members: readonly Member[]): Box {
  const first = members[0]!.box;
  if (
    members.every(({ box }) => compareBoxes({ ...box, label: first.label }, first) === 0) // all drawn alike
  )
    return first;
  const edge = (of: (box: Box) => number) =>
    weightedMedian(members.map((m) => [of(m.box), m.weight] as const));
  const x = edge((box) => box.x);
  const y = edge((box) => box.y);
  const right = edge((box) => box.x + box.width);
  const bottom = edge((box) => box.y + box.height);
  return { x, y, width: right - x, height: bottom - y, label: first.label };
}

/** The value at half of the weight; between two values when exactly half lies on each side. */
function weightedMedian(values: readonly (readonly [value: number, weight: number])[]): number {
  const sorted = [...values].sort((a, b) => a[0] - b[0]);
  const half = sorted.reduce((sum, [, weight]) => sum + weight, 0) / 2;
  let below = 0;
  for (let i = 0; i < sorted.length; i++) {
    const [value, weight] = sorted[i]!;
    below += weight;
    const next = sorted[i + 1];
    if (next !== undefined && Math.abs(below - half) < 1e-9) return (value + next[0]) / 2;
    if (below > half) return value;
  }
  return sorted.at(-1)![0];
}

function said(kept: number, votes: number, dropped: number): string {
  const boxes = `${kept} ${kept === 1 ? 'box' : 'boxes'}`;
  const voters = votes === 1 ? '1 person' : `${votes} people`;
  return dropped === 0
    ? `${boxes}, all held by most of ${voters}`
    : `${boxes} held by most of ${voters}, ${dropped} dropped`;
}
