import { z } from 'zod';
import { type Box, intervalIou, matchBoxes } from '../agreement/boxes.ts';
import { type Span, spanAgreement } from '../agreement/spans.ts';
import { textSimilarity } from '../agreement/text-similarity.ts';
import { defineOp } from './define-op.ts';

const span = z
  .tuple([z.number(), z.number(), z.string()])
  .transform(([start, end, label]): Span => ({ start, end, label }));
const box = z
  .tuple([z.number(), z.number(), z.number(), z.number(), z.string()])
  .transform(([x, y, width, height, label]): Box => ({ x, y, width, height, label }));
const interval = z.tuple([z.number(), z.number()]);

function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

export const regionOps = {
  span_agreement: defineOp(
    z.object({
      docs: z.array(
        z.object({
          tokens: z.array(z.tuple([z.number(), z.number()])),
          a: z.array(span),
          b: z.array(span),
        }),
      ),
    }),
    z.object({}),
    (input) => {
      const found = spanAgreement(input.docs);
      return {
        tp: found.tp,
        n_a: found.nA,
        n_b: found.nB,
        exact_f1: found.exactF1,
        overlap_precision: found.overlapPrecision,
        overlap_recall: found.overlapRecall,
        overlap_f1: found.overlapF1,
        token_kappa: found.tokenKappa,
        token_agreement: found.tokenAgreement,
      };
    },
  ),
  text_similarity: defineOp(z.object({ a: z.string(), b: z.string() }), z.object({}), (input) => ({
    ...textSimilarity(input.a, input.b),
  })),
  bbox_agreement: defineOp(
    z.object({ annotators: z.record(z.string(), z.array(box)) }),
    z.object({ iou_threshold: z.number().min(0).max(1).default(0.5) }),
    (input, params) => {
      const people = Object.entries(input.annotators);
      const pairs = people.flatMap(([a, left], i) =>
        people.slice(i + 1).map(([b, right]) => {
          const found = matchBoxes(left, right, params.iou_threshold);
          return [
            `${a}|${b}`,
            {
              pairs: found.pairs,
              n_matched: found.pairs.length,
              mean_iou: found.meanIou,
              f1: found.f1,
              score: found.score,
            },
          ] as const;
        }),
      );
      return {
        pairwise: Object.fromEntries(pairs),
        mean_score: mean(pairs.map(([, pair]) => pair.score)),
        mean_f1: mean(pairs.map(([, pair]) => pair.f1)),
      };
    },
  ),
  interval_iou: defineOp(z.object({ a: interval, b: interval }), z.object({}), (input) => ({
    iou: intervalIou(input.a, input.b),
  })),
};
