import type { Indexed } from './judgements.ts';
import { vote } from './votes.ts';

export interface EmOptions {
  /** Exactly so many rounds of expectation and maximisation. */
  readonly rounds: number;
  /** Least probability of a cell that is not empty. */
  readonly floor: number;
  /** Tasks whose answer is known: label by task number, -1 elsewhere. */
  readonly gold?: Int32Array | undefined;
}

export interface DawidSkene {
  /** Posterior at task * K + label. */
  readonly posteriors: Float64Array;
  readonly priors: Float64Array;
  /** At (annotator * K + true label) * K + observed label. */
  readonly confusion: Float64Array;
}

export interface OneCoin {
  readonly posteriors: Float64Array;
  readonly priors: Float64Array;
  /** Expected share of right labels, by annotator. */
  readonly skills: Float64Array;
}

/** Dawid & Skene 1979: starts from vote shares; each round: posteriors, priors, confusion tables. */
export function dawidSkene(data: Indexed, options: EmOptions): DawidSkene {
  const { k } = data;
  const posteriors = vote(data).shares;
  const priors = new Float64Array(k);
  const confusion = new Float64Array(data.annotators.length * k * k);
  const logs = new Float64Array(confusion.length);
  clamp(posteriors, k, options.gold);
  for (let round = 0; ; round++) {
    meanInto(priors, posteriors, k);
    countConfusion(confusion, data, posteriors, options.floor);
    if (round === options.rounds) return { posteriors, priors, confusion };
    for (let i = 0; i < logs.length; i++) logs[i] = Math.log(confusion[i]!);
    startFromPriors(posteriors, priors, k);
    for (let i = 0; i < data.size; i++) {
      const to = data.task[i]! * k;
      const from = data.annotator[i]! * k * k + data.label[i]!;
      for (let c = 0; c < k; c++) posteriors[to + c]! += logs[from + c * k]!;
    }
    normaliseLogs(posteriors, k);
    clamp(posteriors, k, options.gold);
  }
}

/** The same with one number an annotator: right with that probability, else evenly one of the other labels. */
export function oneCoinDawidSkene(data: Indexed, options: EmOptions): OneCoin {
  const { k } = data;
  const posteriors = vote(data).shares;
  const priors = new Float64Array(k);
  const skills = new Float64Array(data.annotators.length);
  const given = new Float64Array(data.annotators.length);
  for (let i = 0; i < data.size; i++) given[data.annotator[i]!]!++;
  const within = (p: number) => Math.min(1 - options.floor, Math.max(options.floor, p));
  clamp(posteriors, k, options.gold);
  for (let round = 0; ; round++) {
    meanInto(priors, posteriors, k);
    skills.fill(0);
    for (let i = 0; i < data.size; i++)
      skills[data.annotator[i]!]! += posteriors[data.task[i]! * k + data.label[i]!]!;
    for (let w = 0; w < skills.length; w++) skills[w]! /= given[w]!;
    if (round === options.rounds) return { posteriors, priors, skills };
    const right = skills.map((skill) => Math.log(within(skill)));
    const wrong = skills.map((skill) => Math.log(within((1 - skill) / Math.max(1, k - 1))));
    startFromPriors(posteriors, priors, k);
    for (let i = 0; i < data.size; i++) {
      const to = data.task[i]! * k;
      const w = data.annotator[i]!;
      for (let c = 0; c < k; c++) posteriors[to + c]! += c === data.label[i] ? right[w]! : wrong[w]!;
    }
    normaliseLogs(posteriors, k);
    clamp(posteriors, k, options.gold);
  }
}

function meanInto(priors: Float64Array, posteriors: Float64Array, k: number): void {
  priors.fill(0);
  for (let i = 0; i < posteriors.length; i++) priors[i % k]! += posteriors[i]!;
  const tasks = posteriors.length / k;
  for (let c = 0; c < k; c++) priors[c]! /= tasks;
}

/** Soft counts, rows scaled to 1. A label the annotator never gave stays 0; other cells are at least `floor` before scaling. */
function countConfusion(
  confusion: Float64Array,
  data: Indexed,
  posteriors: Float64Array,
  floor: number,
): void {
  const { k } = data;
  const gave = new Uint8Array(data.annotators.length * k);
  confusion.fill(0);
  for (let i = 0; i < data.size; i++) {
    const from = data.task[i]! * k;
    const to = data.annotator[i]! * k * k + data.label[i]!;
    gave[data.annotator[i]! * k + data.label[i]!] = 1;
    for (let c = 0; c < k; c++) confusion[to + c * k]! += posteriors[from + c]!;
  }
  for (let w = 0; w < data.annotators.length; w++) {
    for (let c = 0; c < k; c++) {
      const row = (w * k + c) * k;
      let total = 0;
      for (let l = 0; l < k; l++) {
        if (gave[w * k + l]) confusion[row + l] = Math.max(floor, confusion[row + l]!);
        total += confusion[row + l]!;
      }
      for (let l = 0; l < k; l++) confusion[row + l]! /= total;
    }
  }
}

function startFromPriors(posteriors: Float64Array, priors: Float64Array, k: number): void {
  const logs = priors.map(Math.log);
  for (let i = 0; i < posteriors.length; i++) posteriors[i] = logs[i % k]!;
}

function normaliseLogs(posteriors: Float64Array, k: number): void {
  for (let at = 0; at < posteriors.length; at += k) {
    let top = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) top = Math.max(top, posteriors[at + c]!);
    let total = 0;
    for (let c = 0; c < k; c++) {
      posteriors[at + c] = Math.exp(posteriors[at + c]! - top);
      total += posteriors[at + c]!;
    }
    for (let c = 0; c < k; c++) posteriors[at + c]! /= total;
  }
}

function clamp(posteriors: Float64Array, k: number, gold: Int32Array | undefined): void {
  if (gold === undefined) return;
  for (let task = 0; task < gold.length; task++) {
    if (gold[task]! < 0) continue;
    for (let c = 0; c < k; c++) posteriors[task * k + c] = c === gold[task] ? 1 : 0;
  }
}
