import { noVotes, qualityDelta } from '@concord/core/agreement/project-quality';
import { modalities } from '@concord/core/modalities/registry';
import type { UserId } from '@concord/core/records/ids';
import { defaultRules, type Project } from '@concord/core/records/project';
import { schemaFor } from '@concord/core/testing/fixtures';
import { sampleUser } from '@concord/platform/testing/records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProjects } from '../projects/index.ts';
import { createUnitPlatform, type UnitPlatform } from '../testing/unit-platform.ts';
import { createQuality, type Quality } from './index.ts';

let platform: UnitPlatform;
let quality: Quality;
let project: Project;
const [ada, bob] = ['usr_ada', 'usr_bob'] as const satisfies readonly UserId[];

beforeEach(async () => {
  platform = createUnitPlatform();
  const projects = createProjects(platform);
  for (const id of [ada, bob])
    await platform.store.commit({
      writes: [{ put: 'users', record: sampleUser(id.slice(4)), expect: 'absent' }],
    });
  project = (
    await projects.create(
      {
        name: 'Mail',
        description: '',
        schema: schemaFor(modalities.get('text-classification')!),
        guidelines: '',
        visibility: 'blind',
        suggestions: true,
        rules: defaultRules,
        queueOrder: 'sequential',
        retrainEvery: 0,
        attribution: '',
      },
      ada,
    )
  ).record;
  quality = createQuality(platform, projects);
});
afterEach(() => platform.dispose());

const vote = (userId: string, category: string) => ({ userId, category, classes: { [category]: 1 } });

async function count(prefix: string, amounts: Record<string, number>) {
  const inc = Object.fromEntries(
    Object.entries(amounts).map(([key, by]) => [`${project.id}/${prefix}${key}`, by]),
  );
  await platform.store.commit({ inc });
}

describe('live figures', () => {
  it('a project without submissions has figures, all undefined', async () => {
    expect(await quality.project(project.id)).toMatchObject({ itemAgreement: null, items: 0, alpha: null });
    expect(await quality.annotators(project.id)).toEqual([]);
  });

  it('read the counters of this project alone', async () => {
    const agreed = { votes: [vote(ada, 'positive'), vote(bob, 'positive')], agreement: 1 };
    const apart = { votes: [vote(ada, 'negative'), vote(bob, 'neutral')], agreement: 0 };
    await count('q/', qualityDelta(noVotes, agreed));
    await count('q/', qualityDelta(noVotes, apart));
    await count('final/', { positive: 1 });
    await platform.store.commit({
      inc: { [`${project.id}x/q/items`]: 7, [`${project.id}x/final/positive`]: 7 },
    });
    expect(await quality.project(project.id)).toMatchObject({
      itemAgreement: 0.5,
      items: 2,
      classes: [
        { name: 'positive', votes: 2, final: 1 },
        { name: 'negative', votes: 1, final: 0 },
        { name: 'neutral', votes: 1, final: 0 },
      ],
      histogram: [1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    });
  });

  it('read pairs apart, those that agree least first', async () => {
    const [cem, dan] = ['usr_cem', 'usr_dan'] as const;
    const both = (a: string, b: string, x: string, y: string) =>
      count('q/', qualityDelta(noVotes, { votes: [vote(a, x), vote(b, y)], agreement: x === y ? 1 : 0 }));
    await both(ada, bob, 'positive', 'positive');
    await both(ada, bob, 'negative', 'negative');
    await both(ada, cem, 'positive', 'negative');
    await both(ada, cem, 'negative', 'positive');
    await both(bob, dan, 'neutral', 'neutral');
    expect(await quality.pairs(project.id, 2)).toEqual({
      items: [
        { a: ada, b: cem, kappa: -1, items: 2 },
        { a: ada, b: bob, kappa: 1, items: 2 },
      ],
      total: 3,
    });
    expect((await quality.pairs(project.id, 9)).items.at(-1)).toMatchObject({ a: bob, b: dan, kappa: null });
  });

  it('[AG6] cost nothing by the number of people, and their pairs never hold anybody else up', async () => {
    const people = Array.from({ length: 80 }, (_, i) => `usr_${String(i).padStart(3, '0')}`);
    const pairs: Record<string, number> = {};
    for (const [i, a] of people.entries())
      for (const b of people.slice(i + 1))
        for (const [x, y] of ['xx', 'yy', 'xy']) pairs[`pair/${a}/${b}/${x}/${y}`] = 1 + (i % 3);
    await count('q/', { ...pairs, items: 9, agreement: 9_000_000, 'm/80/n': 9 });
    const rows: number[] = [];
    const seen = <T extends { readonly size: number } | readonly unknown[]>(result: T): T => {
      rows.push('size' in result ? result.size : result.length);
      return result;
    };
    const { store } = platform;
    const watched: UnitPlatform = {
      ...platform,
      store: {
        ...store,
        counters: async (keys) => seen(await store.counters(keys)),
        countersWith: async (prefix) => seen(await store.countersWith(prefix)),
        counterPage: async (...page) => seen(await store.counterPage(...page)),
      },
    };
    const projects = createProjects(watched);
    const figures = createQuality(watched, projects);
    expect(await figures.project(project.id)).toMatchObject({ itemAgreement: 1, items: 9 });
    expect(rows.reduce((sum, n) => sum + n, 0)).toBeLessThan(10);
    rows.length = 0;
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 0);
    const { total } = await figures.pairs(project.id, 8);
    clearInterval(others);
    expect(total).toBe((80 * 79) / 2);
    expect(Math.max(...rows)).toBeLessThanOrEqual(500);
    expect(turns).toBeGreaterThanOrEqual(3);
    projects.close();
  });

  it('say of each person how much, how fast and how reliably, the busiest first', async () => {
    await count(`by/${ada}/`, { submissions: 1, leadMs: 3000 });
    await count(`by/${bob}/`, { submissions: 4, settled: 3, right: 2, leadMs: 10_000 });
    const [first, second] = await quality.annotators(project.id);
    expect(first).toMatchObject({
      user: { id: bob, name: 'bob' },
      submissions: 4,
      settled: 3,
      right: 2,
      reliability: 0.6,
      meanLeadTimeMs: 2500,
      lastAt: null,
    });
    expect(first!.user).not.toHaveProperty('passwordHash');
    expect(first!.interval![0]).toBeLessThan(0.6);
    expect(first!.interval![1]).toBeGreaterThan(0.6);
    expect(second).toMatchObject({ user: { id: ada }, reliability: null, interval: null });
  });

  it('of many people let others have their turns in between', async () => {
    const people = Array.from({ length: 60 }, (_, i) => sampleUser(`p${i}`));
    await platform.store.commit({
      writes: people.map((user) => ({ put: 'users', record: user, expect: 'absent' })),
    });
    const work = people.map(({ id }) => [`by/${id}/submissions`, 1] as const);
    await count('', Object.fromEntries(work));
    let turns = 0;
    let asking = true;
    const turn = () => {
      turns += 1;
      if (asking) setImmediate(turn);
    };
    setImmediate(turn);
    expect(await quality.annotators(project.id)).toHaveLength(60);
    asking = false;
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('are not there for a project that is not there', async () => {
    await expect(quality.project('prj_none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(quality.annotators('prj_none')).rejects.toMatchObject({ code: 'not_found' });
  });
});
