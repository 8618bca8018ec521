import { distinctSpans, type Span, spanKey } from '../../agreement/spans.ts';
import {
  settleCandidates,
  sharedAnswers,
  unanimous,
  votingWeight,
  withConsensusIds,
} from '../../consensus/regions.ts';
import type { Consensus, Vote } from '../modality.ts';
import { spansOf } from './check.ts';

/** Spans that more than half of the votes' weight hold exactly (same start, end and label). */
export function spanConsensus(votes: readonly Vote[], method: 'majority' | 'weighted'): Consensus {
  const same = unanimous(votes);
  if (same !== null)
    return {
      annotation: same,
      confidence: 1,
      tie: false,
      reason: said(same.regions.length, votes.length, 0),
    };
  const ordered = [...votes].sort((a, b) => (a.by < b.by ? -1 : 1));
  const held = new Map<string, { span: Span; holders: string[] }>();
  const voters = ordered.map(({ by, annotation, weight }) => {
    const spans = distinctSpans(spansOf(annotation));
    for (const span of spans) {
      const entry = held.get(spanKey(span)) ?? { span, holders: [] };
      entry.holders.push(by);
      held.set(spanKey(span), entry);
    }
    return { by, weight: votingWeight(weight, method), given: spans.length };
  });
  const candidates = [...held.values()]
    .sort((x, y) => compare(x.span, y.span))
    .map(({ span, holders }) => ({
      region: { kind: 'span', label: span.label, shape: { start: span.start, end: span.end } },
      holders,
    }));
  const outcome = settleCandidates(voters, candidates);
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

function compare(a: Span, b: Span): number {
  return a.start - b.start || a.end - b.end || (a.label < b.label ? -1 : 1);
}

function said(kept: number, votes: number, dropped: number): string {
  const spans = `${kept} ${kept === 1 ? 'span' : 'spans'}`;
  const voters = votes === 1 ? '1 person' : `${votes} people`;
  return dropped === 0
    ? `${spans}, all held by ${voters}`
    : `${spans} held by most of ${voters}, ${dropped} dropped`;
}
