import { describe, expect, it } from 'vitest';
import { runCampaign, type Session } from './campaign.ts';
import type { Measured } from './meter.ts';
import type { Subject } from './subjects.ts';

const subject = (id: string, durable = false): Subject => ({
  id,
  title: id,
  durable,
  batching: '',
  smallWindows: false,
  isVariant: false,
  start: () => Promise.reject(new Error('not started here')),
});

/** Answers with these measurements one after the other, the last for ever. */
function scripted(answers: Readonly<Record<string, readonly (Partial<Measured> | Error)[]>>) {
  const order: string[] = [];
  const session: Session = {
    id: 's',
    workloads: () => ['w'],
    async run({ id }) {
      const past = order.filter((name) => name === id).length;
      order.push(id);
      const answer = answers[id]![Math.min(past, answers[id]!.length - 1)]!;
      if (answer instanceof Error) throw answer;
      return [{ workload: 'w', figures: { x: past }, othersCores: 0, ...answer }];
    },
  };
  return { session, order };
}

const options = { repetitions: 2, passes: 4, disk: async () => 1, quiet: async () => {} };
const silent = () => {};

describe('a campaign', () => {
  it('takes the servers in turn, each time another first', async () => {
    const { session, order } = scripted({ a: [{}], b: [{}], c: [{}] });
    const { cells } = await runCampaign(
      [subject('a'), subject('b'), subject('c')],
      [session],
      options,
      silent,
    );
    expect(order).toEqual(['a', 'b', 'c', 'b', 'c', 'a']);
    expect(cells['a']!['w']!['x']).toEqual({ median: 0.5, min: 0, max: 1, n: 2 });
  });

  it('drops what was disturbed and measures it again', async () => {
    const { session, order } = scripted({ a: [{ othersCores: 0.9 }, {}] });
    const { cells, runs, disturbed } = await runCampaign([subject('a')], [session], options, silent);
    expect(order).toHaveLength(3);
    expect(runs.map((run) => run.dropped)).toEqual([true, false, false]);
    expect(cells['a']!['w']!['x']).toEqual({ median: 1.5, min: 1, max: 2, n: 2 });
    expect(disturbed).toEqual([]);
  });

  it('measures again only what was disturbed, and of nobody what they do not have', async () => {
    const asked: (readonly string[])[] = [];
    const session: Session = {
      id: 's',
      workloads: ({ id }) => (id === 'a' ? ['x', 'y'] : []),
      async run(_subject, workloads) {
        asked.push(workloads);
        return workloads.map((workload) => ({
          workload,
          figures: {},
          othersCores: asked.length === 1 && workload === 'y' ? 1 : 0,
        }));
      },
    };
    await runCampaign([subject('a'), subject('b')], [session], options, silent);
    expect(asked).toEqual([['x', 'y'], ['x', 'y'], ['y']]);
  });

  it('shows what was always disturbed, and says so', async () => {
    const { session, order } = scripted({ a: [{ othersCores: 0.9 }] });
    const { cells, disturbed } = await runCampaign([subject('a')], [session], options, silent);
    expect(order).toHaveLength(4);
    expect(cells['a']!['w']!['x']!.n).toBe(4);
    expect(disturbed).toEqual(['a, w']);
  });

  it('drops what stood on a disk that was busy with something else', async () => {
    const { session } = scripted({ a: [{}], b: [{}] });
    const took = [1, 9, 1, 1, 1, 1, 1, 1];
    const disk = async () => took.shift()!;
    const { runs } = await runCampaign(
      [subject('a', true), subject('b')],
      [session],
      { ...options, disk },
      silent,
    );
    expect(runs.filter((run) => run.dropped).map((run) => run.subject)).toEqual(['a']);
  });

  it('goes on after a failure, and names it', async () => {
    const { session } = scripted({ a: [new Error('it fell over')], b: [{}] });
    const { cells, failures } = await runCampaign([subject('a'), subject('b')], [session], options, silent);
    expect(failures[0]).toBe('s/a: it fell over');
    expect(Object.keys(cells)).toEqual(['b']);
  });
});
