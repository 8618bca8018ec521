import type { LiveUpdate } from '@concord/core/protocol/live';
import { projectInput } from '@concord/core/protocol/routes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createUnitPlatform, type UnitPlatform } from '../testing/unit-platform.ts';
import { startProjectNews } from './news.ts';
import { createProjects, type Projects } from './projects.ts';
import { readThroughput } from './summaries.ts';

const classes = [
  { name: 'spam', color: '#d97706' },
  { name: 'ham', color: '#2563eb' },
];
const text = (name: string) =>
  projectInput.parse({ name, schema: { modality: 'text-classification', classes } });

describe('projects', () => {
  let platform: UnitPlatform;
  let projects: Projects;
  beforeEach(() => {
    platform = createUnitPlatform();
    projects = createProjects(platform);
  });
  afterEach(async () => {
    projects.close();
    await platform.dispose();
  });

  test('a project without rules gets the default ones, version 1 of everything', async () => {
    const { record, rev } = await projects.create(text('Mail'), 'usr_lead');
    expect(rev).toBe(1);
    expect(record).toMatchObject({
      guidelinesVersion: 1,
      archived: false,
      rules: { overlap: { min: 2, max: 3 } },
    });
    expect(await projects.get(record.id)).toEqual({ record, rev: 1 });
    await expect(projects.get('prj_none')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('an unknown modality and changed fixed classes are refused naming the field', async () => {
    const unknown = { ...text('x'), schema: { ...text('x').schema, modality: 'smells' } };
    await expect(projects.create(unknown, 'usr_lead')).rejects.toMatchObject({
      errors: [expect.objectContaining({ path: 'schema.modality', value: 'smells' })],
    });
    const fixed = { ...text('x'), schema: { ...text('x').schema, modality: 'pairwise-preference' } };
    await expect(projects.create(fixed, 'usr_lead')).rejects.toMatchObject({
      errors: [expect.objectContaining({ path: 'schema.classes' })],
    });
  });

  test('schema and guidelines count versions when, and only when, they change', async () => {
    const { record } = await projects.create(text('Mail'), 'usr_lead');
    const same = await projects.update(
      record.id,
      { schema: { ...record.schema, version: 9 } },
      null,
      'usr_lead',
    );
    expect([same.rev, same.record.schema.version]).toEqual([1, 1]);
    const schema = { ...record.schema, classes: [...classes, { name: 'unsure', color: '#888888' }] };
    const changed = await projects.update(record.id, { schema }, null, 'usr_lead');
    expect([changed.rev, changed.record.schema.version, changed.record.guidelinesVersion]).toEqual([2, 2, 1]);
    const guided = await projects.update(record.id, { guidelines: '# Read' }, null, 'usr_lead');
    expect([guided.record.schema.version, guided.record.guidelinesVersion]).toEqual([2, 2]);
  });

  test('the modality stays', async () => {
    const { record } = await projects.create(text('Mail'), 'usr_lead');
    const schema = { ...record.schema, modality: 'text-spans' };
    await expect(projects.update(record.id, { schema }, null, 'usr_lead')).rejects.toMatchObject({
      errors: [expect.objectContaining({ path: 'schema.modality' })],
    });
  });

  test('If-Match: the present revision passes, an older one is a precondition', async () => {
    const { record } = await projects.create(text('Mail'), 'usr_lead');
    await projects.update(record.id, { name: 'Post' }, '"1"', 'usr_lead');
    await expect(projects.update(record.id, { name: 'Letters' }, '"1"', 'usr_lead')).rejects.toMatchObject({
      code: 'precondition',
    });
    expect((await projects.update(record.id, { name: 'Letters' }, 'W/"2"', 'usr_lead')).rev).toBe(3);
  });

  test('listeners hear before and after; another node hears too and reads the new state', async () => {
    const { record } = await projects.create(text('Mail'), 'usr_lead');
    const other = createProjects(platform.node());
    await other.get(record.id);
    const here: [string, string | undefined][] = [];
    const there: [string, string | undefined][] = [];
    projects.onChanged((after, before) => here.push([after.name, before?.name]));
    other.onChanged((after, before) => there.push([after.name, before?.name]));
    await projects.update(record.id, { name: 'Post' }, null, 'usr_lead');
    expect((await other.get(record.id)).record.name).toBe('Post');
    expect(here).toEqual([['Post', 'Mail']]);
    expect(there).toEqual([['Post', 'Mail']]);
    other.close();
  });

  test('the list pages past archived ones and takes one counters query a page', async () => {
    const made = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      made.push((await projects.create(text(name), 'usr_lead')).record);
      await platform.clock.advance(1000);
    }
    for (const i of [1, 2]) await projects.update(made[i]?.id ?? '', { archived: true }, null, 'usr_lead');
    await platform.store.commit({ inc: { [`${made[3]?.id}/tasks`]: 7, [`${made[3]?.id}/open`]: 5 } });
    let queries = 0;
    const counted = createProjects({
      ...platform.node(),
      store: {
        ...platform.store,
        counters: (keys) => {
          queries += 1;
          return platform.store.counters(keys);
        },
      },
    });
    const first = await counted.list({ limit: 2, archived: false });
    expect(first.items.map((s) => [s.project.name, s.tasks, s.open])).toEqual([
      ['a', 0, 0],
      ['d', 7, 5],
    ]);
    expect(queries).toBe(1);
    const second = await counted.list({ limit: 2, archived: false, after: first.next ?? undefined });
    expect(second.items.map((s) => s.project.name)).toEqual(['e']);
    expect(second.next).toBeNull();
    const all = await counted.list({ limit: 50, archived: true });
    expect(all.items.map((s) => s.project.name)).toEqual(['a', 'b', 'c', 'd', 'e']);
    counted.close();
  });

  test('throughput has every hour, the empty ones as 0', async () => {
    const { record } = await projects.create(text('Mail'), 'usr_lead');
    const hour = Math.floor(platform.clock.now() / 3_600_000);
    await platform.store.commit({
      inc: { [`${record.id}/hour/${hour}/submissions`]: 3, [`${record.id}/hour/${hour - 2}/finalized`]: 1 },
    });
    const { hours } = await readThroughput(platform.store, platform.clock, record.id, 3);
    expect(hours).toEqual([
      { at: (hour - 2) * 3_600_000, submissions: 0, finalized: 1 },
      { at: (hour - 1) * 3_600_000, submissions: 0, finalized: 0 },
      { at: hour * 3_600_000, submissions: 3, finalized: 0 },
    ]);
  });

  test('a burst of changes is one summary after 250 ms, with the newest counters', async () => {
    const { record } = await projects.create(text('Mail'), 'usr_lead');
    await platform.clock.advance(1000);
    const heard: LiveUpdate[] = [];
    platform.live.onUpdate((update) => heard.push(update));
    const stop = startProjectNews(platform, projects);
    for (let i = 0; i < 20; i++) {
      await platform.store.commit({ inc: { [`${record.id}/submissions`]: 1 } });
      platform.live.projectChanged(record.id);
    }
    await platform.clock.advance(249);
    expect(heard).toEqual([]);
    await platform.clock.advance(1);
    await expect.poll(() => heard.length).toBe(2);
    expect(heard.map((u) => u.topic).sort()).toEqual([`project:${record.id}`, 'projects']);
    expect(heard[0]).toMatchObject({ kind: 'project', project: { submissions: 20 } });
    stop();
    platform.live.projectChanged(record.id);
    expect(platform.clock.pending()).toBe(0);
  });
});
