import { describe, expect, it } from 'vitest';
import { dawidSkene, oneCoinDawidSkene } from './dawid-skene.ts';
import { goldScores } from './gold-scores.ts';
import { indexJudgements, type Judgement } from './judgements.ts';
import { oneCoinPosterior } from './nominal.ts';
import { outlierAnnotators } from './outliers.ts';
import { vote, wawa } from './votes.ts';

const labels = ['x', 'y', 'z'];
/** `t1: x x y` as judgements of annotators a, b, c, …; `-` for nobody. */
function judged(...tasks: string[]): Judgement[] {
  return tasks.flatMap((line) => {
    const [task, said] = line.split(': ') as [string, string];
    return said
      .split(' ')
      .flatMap((label, i): Judgement[] => (label === '-' ? [] : [[task, 'abcdef'[i]!, label]]));
  });
}
const near = (found: ArrayLike<number>, wanted: readonly number[]) => {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 12);
};

describe('[CO50] batch methods on awkward input', () => {
  it('of equal shares the label declared first wins, and the task is named', () => {
    const data = indexJudgements(judged('t1: z y', 't2: x y y'), labels);
    const votes = vote(data);
    expect([...votes.top]).toEqual([1, 1]);
    expect(votes.ties.map((task) => data.tasks[task])).toEqual(['t1']);
    // Equal to nine decimals is equal.
    const nearly = vote(data, [1, 1 + 1e-12, 1]);
    expect(nearly.ties).toEqual([0]);
  });

  it('somebody’s last judgement on a task counts, or all do', () => {
    const twice: Judgement[] = [...judged('t1: x y'), ['t1', 'a', 'y'], ['t1', 'a', 'y']];
    near(vote(indexJudgements(twice, labels, 'keep')).shares, [1 / 4, 3 / 4, 0]);
    near(vote(indexJudgements(twice, labels, 'last')).shares, [0, 1, 0]);
  });

  it('a label that is not declared is nobody’s vote', () => {
    const data = indexJudgements(judged('t1: x q q', 't2: q q q'), labels);
    expect(data.tasks).toEqual(['t1']);
    near(vote(data).shares, [1, 0, 0]);
  });

  it('where nobody’s vote weighs anything, plain majority decides', () => {
    const data = indexJudgements(judged('t1: x y y', 't2: x - y'), labels);
    near(vote(data, [2, 0, 0]).shares, [1, 0, 0, 1, 0, 0]);
    near(vote(data, [0, 0, 0]).shares, [1 / 3, 2 / 3, 0, 1 / 2, 1 / 2, 0]);
  });

  it('Wawa weighs by how often one was with the majority', () => {
    const data = indexJudgements(judged('t1: x x y', 't2: x y y', 't3: z z z'), labels);
    const { skills, shares } = wawa(data);
    near(skills, [2 / 3, 1, 2 / 3]);
    near([...shares].slice(0, 3), [5 / 3 / (7 / 3), 2 / 3 / (7 / 3), 0]);
  });

  it('EM runs the rounds it is told, and a known answer stays what it is', () => {
    const data = indexJudgements(judged('t1: x x y', 't2: y x y', 't3: x y y'), labels);
    const gold = Int32Array.from([1, -1, -1]);
    for (const method of [dawidSkene, oneCoinDawidSkene]) {
      const none = method(data, { rounds: 0, floor: 1e-10 });
      near([...none.posteriors].slice(0, 3), [2 / 3, 1 / 3, 0]);
      near(none.priors, [4 / 9, 5 / 9, 0]);
      for (const rounds of [0, 1, 5])
        near([...method(data, { rounds, floor: 1e-10, gold }).posteriors].slice(0, 3), [0, 1, 0]);
    }
  });

  it('one coin: everybody has one number, and the rest is spread over the other labels', () => {
    const data = indexJudgements(judged('t1: x x y'), labels);
    const { posteriors, skills } = oneCoinDawidSkene(data, { rounds: 1, floor: 1e-10 });
    // The first round starts from the vote's shares: a and b are right with 2/3, c with 1/3; the prior is the shares.
    const wanted = [(2 / 3) * (2 / 3) ** 2 * (1 / 3), (1 / 3) * (1 / 6) ** 2 * (1 / 3)];
    const total = wanted[0]! + wanted[1]!;
    near([...posteriors], [wanted[0]! / total, wanted[1]! / total, 0]);
    near(skills, [wanted[0]! / total, wanted[0]! / total, wanted[1]! / total]);
  });

  it('who met no gold keeps the prior; a label outside the set is wrong', () => {
    const scores = goldScores(
      judged('g1: x y', 'g2: x q', 't1: - - z'),
      new Map([
        ['g1', 'x'],
        ['g2', 'x'],
      ]),
      {
        prior: [1, 1],
        bar: 0.7,
        duplicates: 'keep',
      },
    );
    expect(scores.get('a')).toMatchObject({ n: 2, correct: 2, accuracy: 1, posteriorMean: 3 / 4 });
    expect(scores.get('b')).toMatchObject({ n: 2, correct: 0, accuracy: 0, posteriorMean: 1 / 4 });
    expect(scores.get('c')).toMatchObject({ n: 0, accuracy: null, wilson: null, posteriorMean: 1 / 2 });
    // Beta(3, 1) has x³ below x.
    expect(scores.get('a')!.aboveBar).toBeCloseTo(1 - 0.7 ** 3, 9);
  });

  it('of ten people three sigmas flag nobody, the median twin does', () => {
    const scores = new Map('abcdefghij'.split('').map((name, i) => [name, i === 0 ? 0 : 0.9 + i / 1000]));
    const found = outlierAnnotators(scores, 3)!;
    expect(found.flagged).toEqual([]);
    expect(found.flaggedByMedian).toEqual(['a']);
    expect(outlierAnnotators(new Map(), 3)).toBeNull();
  });

  it('stopping: three of four with 0.8 each are as sure as one more than the other', () => {
    const votes = [0, 0, 0, 1].map((label) => ({ label, accuracy: 0.8 }));
    near(oneCoinPosterior(votes, 2), [16 / 17, 1 / 17]);
  });
});
