import { z } from 'zod';
import { betaMass } from './beta.ts';
import { dawidSkene, oneCoinDawidSkene } from './dawid-skene.ts';
import { defineOp } from './define-op.ts';
import { type GoldScore, goldScores } from './gold-scores.ts';
import { type Indexed, indexJudgements, topLabel } from './judgements.ts';
import { oneCoinPosterior } from './nominal.ts';
import { outlierAnnotators } from './outliers.ts';
import { type Votes, vote, wawa } from './votes.ts';

const judgement = z.tuple([z.string(), z.string(), z.string()]);
const judged = z.object({
  labels: z.array(z.string()).min(1),
  judgements: z.array(judgement),
  gold: z.record(z.string(), z.string()).optional(),
});
const duplicates = z.enum(['keep', 'last']).default('keep');
const plain = z.object({ duplicates });
const em = z.object({
  n_iter: z.number().int().nonnegative().default(100),
  floor: z.number().positive().default(1e-10),
  duplicates,
});

type Judged = z.output<typeof judged>;

const read = (input: Judged, params: { duplicates: 'keep' | 'last' }) =>
  indexJudgements(input.judgements, input.labels, params.duplicates);

function byTask<T>(data: Indexed, of: (task: number) => T): Record<string, T> {
  return Object.fromEntries(data.tasks.map((name, task) => [name, of(task)]));
}

function posteriorOutput(data: Indexed, labels: readonly string[], shares: Float64Array) {
  const { k } = data;
  return {
    labels: byTask(data, (task) => labels[topLabel(shares, task * k, k).label]!),
    probas: byTask(data, (task) => [...shares.subarray(task * k, task * k + k)]),
  };
}

function voteOutput(data: Indexed, labels: readonly string[], votes: Votes) {
  return {
    ...posteriorOutput(data, labels, votes.shares),
    ties: votes.ties.map((task) => data.tasks[task]!).sort(),
  };
}

/** Known answers by task number, -1 elsewhere. */
function goldOf(data: Indexed, input: Judged): Int32Array | undefined {
  const { gold } = input;
  if (gold === undefined) return undefined;
  return Int32Array.from(data.tasks, (task) =>
    gold[task] === undefined ? -1 : input.labels.indexOf(gold[task]),
  );
}

function skillsOf(data: Indexed, skills: Float64Array): Record<string, number> {
  return Object.fromEntries(data.annotators.map((name, w) => [name, skills[w]!]));
}

export const aggregationOps = {
  majority_vote: defineOp(judged, plain, (input, params) => {
    const data = read(input, params);
    return voteOutput(data, input.labels, vote(data));
  }),
  weighted_vote: defineOp(
    judged.extend({ weights: z.record(z.string(), z.number().nonnegative()) }),
    plain,
    (input, params) => {
      const data = read(input, params);
      const weights = data.annotators.map((name) => input.weights[name] ?? 1);
      return voteOutput(data, input.labels, vote(data, weights));
    },
  ),
  wawa: defineOp(judged, plain, (input, params) => {
    const data = read(input, params);
    const result = wawa(data);
    return { ...voteOutput(data, input.labels, result), skills: skillsOf(data, result.skills) };
  }),
  dawid_skene: defineOp(judged, em, (input, params) => {
    const data = read(input, params);
    const gold = goldOf(data, input);
    const { posteriors, priors, confusion } = dawidSkene(data, {
      rounds: params.n_iter,
      floor: params.floor,
      gold,
    });
    const { k } = data;
    const row = (from: number) => [...confusion.subarray(from, from + k)];
    return {
      ...posteriorOutput(data, input.labels, posteriors),
      priors: [...priors],
      confusion: Object.fromEntries(
        data.annotators.map((name, w) => [name, input.labels.map((_, truth) => row((w * k + truth) * k))]),
      ),
    };
  }),
  one_coin_ds: defineOp(judged, em, (input, params) => {
    const data = read(input, params);
    const gold = goldOf(data, input);
    const { posteriors, priors, skills } = oneCoinDawidSkene(data, {
      rounds: params.n_iter,
      floor: params.floor,
      gold,
    });
    return {
      ...posteriorOutput(data, input.labels, posteriors),
      priors: [...priors],
      skills: skillsOf(data, skills),
    };
  }),
  gold_scores: defineOp(
    z.object({ judgements: z.array(judgement), gold: z.record(z.string(), z.string()) }),
    z.object({
      prior: z.tuple([z.number().positive(), z.number().positive()]).default([1, 1]),
      threshold: z.number().default(0.7),
      duplicates,
    }),
    (input, params) => {
      const scores = goldScores(input.judgements, new Map(Object.entries(input.gold)), {
        prior: params.prior,
        bar: params.threshold,
        duplicates: params.duplicates,
      });
      return { annotators: Object.fromEntries([...scores].map(([name, own]) => [name, goldOutput(own)])) };
    },
  ),
  outlier_annotators: defineOp(
    z.object({ scores: z.record(z.string(), z.number()) }),
    z.object({ sigmas: z.number().positive().default(3) }),
    (input, params) => {
      const found = outlierAnnotators(new Map(Object.entries(input.scores)), params.sigmas);
      if (found === null)
        return { mean: null, sd: null, flagged: [], median: null, mad: null, flagged_mad: [] };
      const { flaggedByMedian, ...rest } = found;
      return { ...rest, flagged_mad: flaggedByMedian };
    },
  ),
  stopping: defineOp(
    z.object({ votes: z.array(z.number().int().nonnegative()).min(1) }),
    z.object({ annotator_accuracy: z.number().gt(0).lt(1) }),
    (input, params) => {
      const votes = input.votes.flatMap((count, label) =>
        Array.from({ length: count }, () => ({ label, accuracy: params.annotator_accuracy })),
      );
      const posterior = oneCoinPosterior(votes, input.votes.length);
      const top = Math.max(...input.votes);
      return {
        posterior,
        confidence: Math.max(...posterior),
        label_uncertainty: betaMass(0.5, 1 + top, 1 + votes.length - top),
      };
    },
  ),
};

function goldOutput(score: GoldScore) {
  return {
    n: score.n,
    correct: score.correct,
    accuracy: score.accuracy,
    posterior_mean: score.posteriorMean,
    ci95: score.interval,
    p_above_07: score.aboveBar,
    wilson95: score.wilson,
  };
}
