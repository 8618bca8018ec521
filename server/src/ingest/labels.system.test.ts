import type { TaskDetail } from '@concord/core/protocol/resources';
import type { ImportJob } from '@concord/core/records/import';
import type { Project } from '@concord/core/records/project';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bring, refusals, tasksOf } from '../testing/imports.ts';
import { startScript } from '../testing/process.ts';
import { type ProjectFields, startTestServer, type TestServer } from '../testing/server.ts';
import { zipOf } from '../testing/zip.ts';

const rules = (min: number, max: number) => ({
  overlap: { min, max },
  minAgreement: 0.6,
  minConfidence: 0.6,
  consensus: 'majority' as const,
  leaseMs: 600_000,
});
const result = (label: string) => [
  { from_name: 'label', to_name: 'text', type: 'choices', value: { choices: [label] } },
];
const said = (by: unknown, label: string, more: object = {}) => ({
  completed_by: by,
  result: result(label),
  ...more,
});
const predicted = (model: string, label: string, score?: number) => ({
  model_version: model,
  result: result(label),
  ...(score === undefined ? {} : { score }),
});

describe('labels in imported files', () => {
  let server: TestServer;
  let project: Project;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const fresh = async (fields: Partial<ProjectFields> = {}) => {
    project = await server.createProject({ name: `Letters ${++made}`, rules: rules(2, 3), ...fields });
  };
  const send = (name: string, content: unknown, into = project): Promise<ImportJob> =>
    bring(
      server,
      into.id,
      name,
      content instanceof Uint8Array || typeof content === 'string' ? content : JSON.stringify(content),
    );
  const details = async (of = project) =>
    Promise.all((await tasksOf(server, of.id)).map(({ id }) => server.api.get<TaskDetail>(`/tasks/${id}`)));
  const votes = ({ submissions }: TaskDetail) =>
    submissions?.map((s) => `${s.name}: ${s.annotation.answers['label']}`).sort();

  test('come with their predictions; what does not fit is named and the item is in', async () => {
    await fresh({ queueOrder: 'uncertainty' });
    const file = [
      { data: { text: 'sure' }, predictions: [predicted('bert-7', 'spam', 0.9)] },
      {
        data: { text: 'unsure' },
        annotations: [said({ email: 'Ann@example.com' }, 'ham')],
        predictions: [predicted('bert-7', 'ham', 0.6), predicted('', 'spam', 17)],
      },
      {
        data: { text: 'odd' },
        annotations: [said(4, 'unheard-of')],
        predictions: [predicted('bert-7', 'unheard-of')],
      },
    ];
    const job = await send('tasks.json', file);
    expect(job).toMatchObject({ status: 'done', format: 'label-studio', added: 3, labelled: 2 });
    expect(new Set(job.errors.map(({ path }) => path))).toEqual(new Set(['annotations', 'predictions']));
    expect(job.errors.every(({ row }) => row === 3)).toBe(true);

    const [sure, unsure, odd] = await details();
    expect(odd?.task).toMatchObject({ preview: 'odd', suggestion: null, submissions: 0 });
    expect(sure?.task.suggestion).toMatchObject({ label: 'spam', score: 0.9, version: 1 });
    expect(sure?.task.suggestion?.uncertainty).toBeCloseTo(0.1);
    expect(votes(unsure!)).toEqual(['ls-ann@example.com: ham']);
    expect(unsure?.submissions?.[0]?.origin).toBe('import');
    const models = await server.api.get<{ items: { name: string; kind: string }[] }>(
      `/projects/${project.id}/models`,
    );
    expect(models.items.map(({ name, kind }) => [name, kind]).sort()).toEqual([
      ['bert-7', 'external'],
      ['imported predictions', 'external'],
    ]);
    const again = await send('tasks.json', file);
    expect(again).toMatchObject({ added: 0, duplicates: 3, labelled: 0 });
    // Said again, it is not written again.
    const log = await server.platform.store.log.read(unsure!.task.id, 0);
    expect(log.filter(({ layer }) => layer.startsWith('mdl_')).map(({ op }) => op.t)).toEqual([
      'replace',
      'replace',
    ]);
  });

  test('reach items that are here already, all at once, and only once', async () => {
    await fresh();
    await send('plain.json', [{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
    const file = [
      {
        data: { text: 'one' },
        annotations: [said(1, 'spam'), said(2, 'spam'), said(3, 'ham')],
        predictions: [predicted('m1', 'spam', 0.5)],
      },
      { data: { text: 'two' }, annotations: [said(1, 'ham')] },
      { data: { text: 'three' }, predictions: [predicted('m1', 'ham', 0.7)] },
      { data: { text: 'three' }, predictions: [predicted('m2', 'ham', 0.7)] },
    ];
    expect(await send('labels.json', file)).toMatchObject({ added: 0, labelled: 4, errorCount: 0 });
    const [one, two, three] = await details();
    expect(votes(one!)).toEqual(['ls-1: spam', 'ls-2: spam', 'ls-3: ham']);
    expect(votes(two!)).toEqual(['ls-1: ham']);
    expect(three?.task.suggestion).toMatchObject({ label: 'ham' });
    expect(one?.task.submissions).toBe(3);
    const again = await send('labels.json', file);
    expect(again).toMatchObject({ added: 0, labelled: 0, errorCount: 0 });
    expect((await details()).map((detail) => detail.task.submissions)).toEqual([3, 1, 0]);
    const log = await server.platform.store.log.read(three!.task.id, 0);
    expect(log.map(({ op }) => op.t)).toEqual(['replace', 'replace']);
  });

  test('that an item cannot take any more are named', async () => {
    await fresh({ rules: rules(1, 1) });
    await send('one.json', [{ data: { text: 'one' }, annotations: [said(1, 'spam')] }]);
    const job = await send('two.json', [
      {
        data: { text: 'one' },
        annotations: [said(1, 'spam'), said(2, 'ham')],
        predictions: [predicted('m1', 'ham')],
      },
    ]);
    expect(job).toMatchObject({ labelled: 0, errorCount: 2 });
    expect(refusals(job)).toEqual([
      '1: a label was not taken: this item is settled already; a super-reviewer can open it again.',
      '1: the prediction of m1 was not taken: this item is settled already; a super-reviewer can open it again.',
    ]);
  });

  test('predictions come in after a crash that cut an import between its items and them', async () => {
    await fresh();
    const file = [{ data: { text: 'one' }, predictions: [predicted('m1', 'spam', 0.8)] }];
    // What the first half of the import had written.
    await server.app.tasks.add(project.id, [{ data: { text: 'one' }, meta: {} }]);
    expect(await send('a.json', file)).toMatchObject({ added: 0, duplicates: 1, labelled: 1 });
    expect((await details())[0]?.task.suggestion).toMatchObject({ label: 'spam' });
  });

  test('an item that its labels settle at once keeps what models said of it', async () => {
    await fresh({ rules: rules(1, 1) });
    const job = await send('a.json', [
      { data: { text: 'one' }, annotations: [said(1, 'spam')], predictions: [predicted('m1', 'ham', 0.8)] },
    ]);
    expect(job).toMatchObject({ labelled: 1, errorCount: 0 });
    expect((await details())[0]?.finalizations?.[0]?.suggestions).toMatchObject([
      { version: 1, annotation: { answers: { label: 'ham' } } },
    ]);
  });

  test('a row with more labels than an item can have is refused, and the rest goes on', async () => {
    await fresh();
    const many = Array.from({ length: 51 }, (_, i) => said(100 + i, 'spam'));
    const job = await send('a.json', [
      { data: { text: 'one' }, annotations: [said(1, 'spam')] },
      { data: { text: 'many' }, annotations: many },
      { data: { text: 'two' }, annotations: [said(1, 'spam')] },
    ]);
    expect(job).toMatchObject({ status: 'done', added: 2, labelled: 2, errorCount: 1 });
    expect(refusals(job)).toEqual(['2: has 51 labels; an item has at most 50']);
  });

  test('weigh as much as their author’s earlier ones have shown', async () => {
    await fresh({ rules: { ...rules(2, 2), consensus: 'weighted', minAgreement: 0, minConfidence: 0.9 } });
    const row = (text: string, ann: string, ben: string) => ({
      data: { text },
      annotations: [said('ann', ann), said('ben', ben)],
    });
    await send('a.json', [row('known', 'spam', 'spam')]);
    const [known] = await details();
    const by = new Map(known?.submissions?.map(({ name, userId }) => [name, userId]));
    const counter = (name: string, what: string) => `${project.id}/by/${by.get(name)}/${what}`;
    await server.platform.store.commit({
      inc: {
        [counter('ls-ann', 'settled')]: 95,
        [counter('ls-ann', 'right')]: 95,
        [counter('ls-ben', 'settled')]: 95,
        [counter('ls-ben', 'right')]: 30,
      },
    });
    await send('b.json', [row('new', 'spam', 'ham')]);
    expect((await details())[1]?.task).toMatchObject({ state: 'finalized', answer: 'spam' });
  });

  test('never land on an account that somebody can use', async () => {
    await fresh();
    await expect(server.addUser('ls-ceo', 'annotator')).rejects.toThrow('kept for imported labels');
    // As one may have been made before the prefix was kept.
    const { user } = await server.addUser('mallory', 'annotator');
    await server.platform.store.commit({
      writes: [{ put: 'users', record: { ...user, name: 'ls-ceo' }, expect: 'any' }],
    });
    await send('a.json', [{ data: { text: 'one' }, annotations: [said('ceo', 'spam')] }]);
    const [one] = await details();
    expect(votes(one!)).toEqual(['ls-ceo-2: spam']);
    const author = one?.submissions?.[0]?.userId;
    await expect(server.api.patch(`/users/${author}`, { active: true })).rejects.toThrow('imported labels');
  });

  describe('that are marked as ground truth', () => {
    test('are the settled answer, and their author’s label', async () => {
      await fresh();
      const job = await send('a.json', [
        { data: { text: 'one' }, annotations: [said(1, 'ham'), said(2, 'spam', { ground_truth: true })] },
      ]);
      expect(job).toMatchObject({ labelled: 1, errorCount: 0 });
      const [one] = await details();
      expect(one?.task).toMatchObject({ state: 'finalized', answer: 'spam' });
      expect(one?.finalizations?.[0]?.settledBy.kind).toBe('import');
      expect(votes(one!)).toEqual(['ls-1: ham', 'ls-2: spam']);
    });

    test('settle an item that is here and waits', async () => {
      await fresh();
      await send('plain.json', [{ text: 'one' }]);
      const row = { data: { text: 'one' }, annotations: [said(1, 'spam', { ground_truth: true })] };
      expect(await send('a.json', [row])).toMatchObject({ labelled: 1, errorCount: 0 });
      expect((await details())[0]?.task).toMatchObject({ state: 'finalized', answer: 'spam' });
      expect(await send('a.json', [row])).toMatchObject({ labelled: 0, errorCount: 0 });
      const other = { ...row, annotations: [said(1, 'ham', { ground_truth: true })] };
      expect(refusals(await send('b.json', [other]))[0]).toContain('the ground truth was not taken');
    });
  });

  /** The project's dataset as a Label Studio file, once it holds so many items. */
  async function exported(items: number): Promise<Uint8Array> {
    const worker = startScript('../../versioning-worker/src/main.ts', ['--data', server.data]);
    const records = async () =>
      (await server.api.get<{ items: { projectId: string; records: number }[] }>('/datasets')).items.find(
        ({ projectId }) => projectId === project.id,
      )?.records;
    try {
      await expect.poll(records, { timeout: 60_000, interval: 200 }).toBe(items);
    } finally {
      worker.child.kill('SIGKILL');
      await worker.ended;
    }
    const answer = await server.api.raw('GET', `/datasets/${project.id}/export?format=label-studio`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  test('a dataset that was exported for Label Studio comes back as it was', async () => {
    const lenient = { ...rules(2, 3), minAgreement: 0.3 };
    await fresh({ rules: lenient });
    await send('a.json', [
      { data: { text: 'one' }, annotations: [said('ann', 'spam'), said('ben', 'spam')] },
      { data: { text: 'two' }, annotations: [said('ann', 'ham'), said('ben', 'ham'), said('eve', 'spam')] },
      { data: { text: 'three' }, annotations: [said('ann', 'ham'), said('ben', 'spam')] },
    ]);
    const third = (await tasksOf(server, project.id))[2]!;
    await server.api.post(`/tasks/${third.id}/decisions`, {
      reason: 'it sells something',
      answer: { regions: [], answers: { label: 'spam' } },
    });
    const file = await exported(3);
    const copy = await server.createProject({ name: 'The copy', rules: lenient });
    expect(await send('copy.json', file, copy)).toMatchObject({ added: 3, labelled: 3, errorCount: 0 });
    const [before, after] = [await details(), await details(copy)];
    expect(after.map(votes)).toEqual(before.map(votes));
    expect(after.map(({ task }) => [task.state, task.answer])).toEqual(
      before.map(({ task }) => [task.state, task.answer]),
    );
    const [figures, copied] = await Promise.all(
      [project, copy].map((of) => server.api.get<object>(`/projects/${of.id}/agreement`)),
    );
    const plain = ({ alpha, itemAgreement, items, classes }: Record<string, unknown>) => ({
      alpha,
      itemAgreement,
      items,
      classes,
    });
    expect(plain(copied as Record<string, unknown>)).toEqual(plain(figures as Record<string, unknown>));
  });

  describe('in projects of pictures', () => {
    const classes = [{ name: 'Car', color: '#d97706' }];
    const pictures = () =>
      fresh({ schema: { version: 1, modality: 'image-boxes', classes }, rules: rules(2, 2) });
    const picture = (shade: string) =>
      sharp({ create: { width: 100, height: 50, channels: 3, background: shade } })
        .png()
        .toBuffer();
    const box = (x: number) => [
      {
        id: 'a',
        type: 'rectanglelabels',
        from_name: 'label',
        to_name: 'image',
        value: { x, y: 10, width: 20, height: 20, rotation: 0, rectanglelabels: ['Car'] },
      },
    ];
    const row = (image: string, x = 10) => ({
      data: { image },
      annotations: [{ completed_by: 1, result: box(x) }],
      predictions: [{ model_version: 'yolo', score: 0.5, result: box(x) }],
    });

    test('find their pictures in the same archive, wherever the list stands in it', async () => {
      await pictures();
      const job = await send(
        'all.zip',
        zipOf([
          {
            name: 'tasks.json',
            bytes: JSON.stringify([
              row('/data/upload/1/1a2b3c4d-red.png'),
              row('img/blue.png', 30),
              row('gone.png'),
            ]),
          },
          { name: 'img/red.png', bytes: await picture('#f00') },
          { name: 'img/blue.png', bytes: await picture('#00f') },
        ]),
      );
      expect(job).toMatchObject({ status: 'done', added: 2, duplicates: 0, labelled: 2, errorCount: 1 });
      expect(refusals(job)).toEqual(['tasks.json 3: no picture here is called gone.png']);
      const [red, blue] = await details();
      expect(red?.submissions?.[0]?.annotation.regions[0]?.shape).toEqual({
        x: 10,
        y: 5,
        width: 20,
        height: 10,
      });
      expect(blue?.submissions?.[0]?.annotation.regions[0]?.shape).toEqual({
        x: 30,
        y: 5,
        width: 20,
        height: 10,
      });
      expect(red?.task.suggestion).toMatchObject({ label: '1 box: Car' });
    });

    test('find pictures that are here by their names; a name that two have is refused', async () => {
      await pictures();
      await send('red.png', await picture('#f00'));
      await send(
        'a.zip',
        zipOf([
          { name: 'a/same.png', bytes: await picture('#0f0') },
          { name: 'b/same.png', bytes: await picture('#00f') },
        ]),
      );
      const job = await send('tasks.json', [
        row('/data/local-files/?d=some%2Ffolder%2Fred.png'),
        row('same.png'),
        { data: { text: 'no picture' } },
        { image: 'red.png' },
      ]);
      expect(job).toMatchObject({ added: 0, labelled: 1, errorCount: 3 });
      expect(refusals(job)).toEqual([
        '2: several pictures here are called same.png',
        '3: names no picture',
        '4: Image boxes takes pictures',
      ]);
      expect(await send('tasks.json', [row('red.png')])).toMatchObject({ labelled: 0, errorCount: 0 });
    });
  });
});
