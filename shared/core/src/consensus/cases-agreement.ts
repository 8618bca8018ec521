import { z } from 'zod';
import { createAgreementStream } from '../agreement/agreement-stream.ts';
import { krippendorffAlpha } from '../agreement/alpha.ts';
import { fleissKappa, gwetAc1, tableOf } from '../agreement/many-raters.ts';
import { cohenKappa, scottPi } from '../agreement/two-raters.ts';
import { ConcordError } from '../errors/concord-error.ts';
import { defineOp } from './define-op.ts';

const value = z.union([z.string(), z.number()]);
const text = value.transform(String);
const labels = z.array(text);
const rater = z.array(text.nullable());
const two = z.object({ a: rater, b: rater, labels });
const many = z.union([
  z.object({ table: z.array(z.array(z.number())), labels: z.array(value) }),
  z.object({ ratings: z.array(z.array(value.nullable())), labels: z.array(value) }),
]);

function countsOf(input: z.output<typeof many>): readonly (readonly number[])[] {
  return 'table' in input ? input.table : tableOf(input.ratings, input.labels);
}

const natural = z.number().int().nonnegative();
const stream = z.object({
  labels: z.array(z.string()).min(1),
  annotators: natural,
  items: natural,
  events: z.array(
    z.union([
      z.tuple([z.literal('set'), natural, natural, z.string()]),
      z.tuple([z.literal('del'), natural, natural]),
    ]),
  ),
});
type StreamInput = z.output<typeof stream>;

/** Moments at which a run without a list of them is read: after 1, 2, 3, 5, 8, … events and at the end. */
function defaultCheckpoints(events: number): number[] {
  const after: number[] = [];
  for (let [a, b] = [1, 2]; a < events; [a, b] = [b, a + b]) after.push(a);
  return [...after, events];
}

function runStream(input: StreamInput, values: readonly number[], checkpoints: readonly number[]) {
  const { labels: names, annotators, items, events } = input;
  const live = createAgreementStream({ k: names.length, values, pairs: true });
  const due = new Set(checkpoints);
  const states: unknown[] = [];
  events.forEach((event, i) => {
    if (event[0] === 'del') live.withdraw(event[1], event[2]);
    else {
      const label = names.indexOf(event[3]);
      if (label < 0)
        throw new ConcordError('input.invalid', `${event[3]} is not a label`, [
          {
            path: `input.events.${i}.3`,
            message: 'not a label',
            value: event[3],
            remedy: `Use ${names.join(', ')}.`,
          },
        ]);
      live.set(event[1], event[2], label);
    }
    if (due.has(i + 1)) states.push({ after: i + 1, ...stateOf(live, names, annotators, items) });
  });
  return { checkpoints: states };
}

function stateOf(
  live: ReturnType<typeof createAgreementStream>,
  names: readonly string[],
  annotators: number,
  items: number,
) {
  const nominal = live.nominal();
  const kappas = new Map(live.pairs().map((pair) => [`${pair.a}:${pair.b}`, pair.kappa]));
  const every = <T>(n: number, of: (i: number) => T) => Array.from({ length: n }, (_, i) => of(i));
  return {
    n_labels: live.labels(),
    alpha_nominal: nominal.alpha,
    alpha_ordinal: live.alpha('ordinal').alpha,
    alpha_interval: live.alpha('interval').alpha,
    fleiss: nominal.fleiss,
    ac1: nominal.ac1,
    pairwise_cohen: every(annotators, (a) =>
      every(annotators - a - 1, (i) => [a, a + i + 1, kappas.get(`${a}:${a + i + 1}`) ?? null]),
    ).flat(),
    item_agreement: every(items, (item) => live.itemAgreement(item)),
    percent_agreement: nominal.pBar,
    majority: every(items, (item) => {
      const top = live.majority(item);
      return top === null ? null : names[top]!;
    }),
  };
}

export const agreementOps = {
  cohen_kappa: defineOp(
    two,
    z.object({ weights: z.enum(['none', 'linear', 'quadratic']).default('none') }),
    (input, params) => ({ ...cohenKappa(input.a, input.b, input.labels, params.weights) }),
  ),
  scott_pi: defineOp(two, z.object({}), (input) => {
    const { kappa, ...rest } = scottPi(input.a, input.b, input.labels);
    return { pi: kappa, ...rest };
  }),
  fleiss_kappa: defineOp(many, z.object({}), (input) => {
    const { kappa, pBar, peBar } = fleissKappa(countsOf(input));
    return { kappa, p_bar: pBar, pe_bar: peBar };
  }),
  gwet_ac1: defineOp(many, z.object({}), (input) => ({ ...gwetAc1(countsOf(input)) })),
  krippendorff_alpha: defineOp(
    z.object({ ratings: z.array(z.array(value.nullable())), values: z.array(value) }),
    z.object({ level: z.enum(['nominal', 'ordinal', 'interval', 'ratio']).default('nominal') }),
    (input, params) => {
      const { alpha, nPairable, observed, expected } = krippendorffAlpha(
        input.ratings,
        input.values,
        params.level,
      );
      return { alpha, n_pairable: nPairable, do: observed, de: expected };
    },
  ),
  agreement_stream: defineOp(
    stream,
    z.object({ values: z.array(z.number()).optional(), checkpoints: z.array(natural).optional() }),
    (input, params, expected) =>
      runStream(
        input,
        params.values ?? input.labels.map((_, i) => i),
        params.checkpoints ?? checkpointsOf(expected) ?? defaultCheckpoints(input.events.length),
      ),
  ),
};

/** A golden names its checkpoints only in what it expects. */
function checkpointsOf(expected: unknown): number[] | null {
  const parsed = z.object({ checkpoints: z.array(z.object({ after: natural })) }).safeParse(expected);
  return parsed.success ? parsed.data.checkpoints.map((point) => point.after) : null;
}
