import { modalities } from '@concord/core/modalities/registry';
import type { TaskDetail } from '@concord/core/protocol/resources';
import type { ImportJob } from '@concord/core/records/import';
import type { Project } from '@concord/core/records/project';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bring, type ImportOptions, refusals, tasksOf } from '../testing/imports.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { zipOf } from '../testing/zip.ts';

describe('importing files', () => {
  let server: TestServer;
  let project: Project;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const fresh = async (modality = 'text-classification') => {
    const classes = [...modalities.get(modality)!.defaultClasses];
    project = await server.createProject({
      name: `Letters ${++made}`,
      schema: { version: 1, modality, classes },
    });
  };
  const send = (name: string, content: string | Uint8Array, options?: ImportOptions) =>
    bring(server, project.id, name, content, options);
  const previews = async () => (await tasksOf(server, project.id)).map(({ preview }) => preview);
  const preview = async (name: string, content: string | Uint8Array) =>
    (
      await server.api.raw('POST', `/projects/${project.id}/imports/preview?name=${name}`, {
        bytes: content as string,
      })
    ).json() as Promise<{ rows: unknown[]; problems: string[]; format: string }>;

  test('rows that cannot be read are named with their number; the others go in, in order', async () => {
    await fresh();
    const job = await send(
      'a.csv',
      'text,note\nfirst,1\n"second, with a comma",2\nthird,3,too many\n,4\nfifth,5\n',
    );
    expect(job).toMatchObject({ status: 'done', added: 3, errorCount: 2, duplicates: 0, rows: 5 });
    expect(job.errors.map(({ row }) => row)).toEqual([4, 5]);
    const tasks = await tasksOf(server, project.id);
    expect(tasks.map(({ seq, preview: text }) => [seq, text])).toEqual([
      [1, 'first'],
      [2, 'second, with a comma'],
      [3, 'fifth'],
    ]);
  });

  test('a table as Excel writes it in Europe comes in, also in its own encoding', async () => {
    await fresh();
    const table = 'Nr;Text\r\n1;"Größe; und Maß"\r\n2;"kostet 5 €"\r\n';
    expect(await send('a.csv', `\ufeff${table}`)).toMatchObject({ added: 2, errorCount: 0 });
    const windows = Buffer.from(table.replace('€', '\x80'), 'latin1');
    const wrong = await send('b.csv', windows);
    expect(wrong).toMatchObject({ status: 'done', added: 0, errorCount: 2 });
    expect(wrong.errors[0]).toMatchObject({
      row: 2,
      message: 'is not UTF-8 text',
      remedy: expect.stringContaining('Windows-1252'),
    });
    expect(await send('b.csv', windows, { encoding: 'windows-1252' })).toMatchObject({
      added: 0,
      duplicates: 2,
      errorCount: 0,
    });
    const utf16 = Buffer.from(`\ufeff${table}`, 'utf16le');
    expect(await send('c.csv', utf16)).toMatchObject({ duplicates: 2, errorCount: 0 });
    expect(await send('c.csv', utf16.subarray(2), { encoding: 'utf-16' })).toMatchObject({ duplicates: 2 });
    expect(await send('c.csv', utf16.subarray(2))).toMatchObject({ code: 'input.invalid', status: 400 });
    expect(await previews()).toEqual(['Größe; und Maß', 'kostet 5 €']);
  });

  test('an open quote says how many rows it took, and they count as refused', async () => {
    await fresh();
    const job = await send('a.csv', 'text,n\none,1\n"open,2\nthree,3\nfour,4\n');
    expect(job).toMatchObject({ added: 1, rows: 4, errorCount: 3 });
    expect(job.errors).toMatchObject([{ row: 3, until: 5, message: expect.stringContaining('rows 3 to 5') }]);
  });

  test('a table without the column that every row needs is refused once', async () => {
    await fresh();
    const job = await send('a.csv', 'note,n\none,1\ntwo,2\n');
    expect(job).toMatchObject({ status: 'failed', added: 0, errorCount: 0 });
    expect(job.failure).toMatch(/^No column holds text \(found: note, n\)\. Name it so/);
    const json = await send('a.json', '[{"note":"x"},{"text":"one"}]');
    expect(json).toMatchObject({ added: 1, errorCount: 1 });
  });

  test('one row that is too deep or too long is refused, and the rest goes on', async () => {
    await fresh();
    const deep = `{"text":"deep","x":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const long = `{"text":"${'L'.repeat(9 * 1024 * 1024)}"}`;
    const job = await send('a.jsonl', ['{"text":"a"}', deep, long, '{"text":"b"}'].join('\n'));
    expect(refusals(job)).toEqual(['2: is nested more than 32 levels deep', '3: is longer than 8 MB']);
    const table = await send('b.csv', `text\nc\n${'L'.repeat(9 * 1024 * 1024)}\nd\n`);
    expect(refusals(table)).toEqual(['3: is longer than 8 MB']);
    expect(await previews()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a pretty-printed object and a list that an object wraps come in', async () => {
    await fresh();
    expect(await send('a.json', JSON.stringify({ text: 'one' }, null, 2))).toMatchObject({
      added: 1,
      format: 'json',
    });
    const job = await send('b.json', '{"items":[{"text":"two"},{"text":"three"}]}');
    expect(job).toMatchObject({ added: 2, errorCount: 0, format: 'json' });
  });

  test('the same content again is the same item, also within a file, and several files at once get numbers without gaps', async () => {
    await fresh();
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => JSON.stringify({ text: `text ${from + i}` })).join('\n');
    const jobs = await Promise.all([
      send('one.jsonl', lines(0, 2500)),
      send('two.jsonl', lines(1500, 4700)),
      send('three.jsonl', `${lines(0, 10)}\n${lines(0, 10)}`),
    ]);
    const sum = (field: 'added' | 'duplicates') => jobs.reduce((total, job) => total + job[field], 0);
    expect(sum('added')).toBe(4700);
    expect(sum('duplicates')).toBe(2500 + 3200 + 20 - 4700);
    const summary = await server.api.get<{ tasks: number; open: number }>(`/projects/${project.id}`);
    expect(summary).toMatchObject({ tasks: 4700, open: 4700 });
    const all = await server.platform.store.page('tasks', {
      index: 'seq',
      where: { projectId: project.id },
      limit: 5000,
    });
    expect(all.items.map(({ record }) => record.seq)).toEqual(Array.from({ length: 4700 }, (_, i) => i + 1));
  });

  test('a file of no known kind and an empty one are refused with what to do', async () => {
    await fresh();
    expect(await send('a.xlsx', 'PK')).toMatchObject({ code: 'input.invalid', status: 400 });
    expect(await send('a.csv', '')).toMatchObject({ code: 'input.invalid', detail: 'a.csv is empty.' });
    expect(await send('a.constructor', 'text')).toMatchObject({ code: 'input.invalid', status: 400 });
    expect(await previews()).toEqual([]);
  });

  test('columns beside the data stay hidden from whoever labels, but for those that the project shows', async () => {
    await fresh();
    await send('a.csv', 'text,gold,author\none,spam,Ann\n');
    const [ann, ben] = await Promise.all(
      (['annotator', 'super-reviewer'] as const).map((role) => server.addUser(`${role}-meta`, role)),
    );
    const next = `/projects/${project.id}/next`;
    const hidden = await server.as(ann!.key).post<TaskDetail>(next);
    expect(hidden.asset).toMatchObject({ data: { text: 'one' }, meta: {} });
    await server.api.patch(`/projects/${project.id}`, { shownColumns: ['author', 'of no row'] });
    const seen = async (key: string) =>
      (await server.as(key).get<TaskDetail>(`/tasks/${hidden.task.id}`)).asset.meta;
    expect(await seen(ann!.key)).toEqual({ author: 'Ann' });
    expect(await seen(ben!.key)).toEqual({ gold: 'spam', author: 'Ann' });
    await server.as(ben!.key).post(next);
    expect(await seen(ben!.key)).toEqual({ author: 'Ann' });
  });

  test('a pair with an empty answer is refused', async () => {
    await fresh('pairwise-preference');
    const job = await send('a.csv', 'prompt,a,b\nwhich?,yes,no\nwhich?,yes,\n');
    expect(job).toMatchObject({ added: 1, errorCount: 1 });
    expect(refusals(job)).toEqual(['3: the answer is empty']);
  });

  describe('archives', () => {
    test('files that lead out of the archive, are damaged or of no known kind are named; the others come in', async () => {
      await fresh();
      const job = await send(
        'all.zip',
        zipOf([
          { name: '../up.txt', bytes: 'up' },
          { name: '/abs.txt', bytes: 'abs' },
          { name: 'texts/one.txt', bytes: 'one' },
          { name: 'cut.txt', bytes: 'a text that was cut off as it was packed', cut: 8 },
          { name: 'texts/latin.txt', bytes: Buffer.from('schön', 'latin1') },
          { name: 'notes.pdf', bytes: '%PDF' },
          { name: 'inner.zip', bytes: zipOf([{ name: 'a.txt', bytes: 'a' }]) },
          { name: '__MACOSX/._one.txt', bytes: 'x' },
          { name: '.DS_Store', bytes: 'x' },
          { name: 'texts/Thumbs.db', bytes: 'x' },
          { name: 'desktop.ini', bytes: 'x' },
          { name: 'rows.csv', bytes: 'text\nthree\n' },
        ]),
      );
      expect(job).toMatchObject({ status: 'done', added: 2, errorCount: 6 });
      expect(refusals(job)).toEqual([
        '../up.txt 0: was not opened: its name leads out of the archive',
        '/abs.txt 0: was not opened: its name leads out of the archive',
        expect.stringMatching(/^cut\.txt 0: cannot be unpacked/),
        'texts/latin.txt 1: is not UTF-8 text',
        'notes.pdf 0: notes.pdf cannot be read.',
        'inner.zip 0: is an archive in an archive',
      ]);
      expect(await previews()).toEqual(['one', 'three']);
    });

    test('an archive that was not sent to its end is named', async () => {
      await fresh();
      const whole = zipOf([{ name: 'one.txt', bytes: 'one' }]);
      const job = await send('all.zip', whole.subarray(0, -10));
      expect(job).toMatchObject({
        status: 'failed',
        failure: expect.stringContaining('all.zip is no whole zip'),
      });
    });
  });

  test('pictures are read through: one that breaks off is named, the others come in', async () => {
    await fresh('image-boxes');
    const noise = {
      width: 200,
      height: 120,
      channels: 3 as const,
      noise: { type: 'gaussian' as const, mean: 120, sigma: 40 },
    };
    const [png, jpeg] = await Promise.all([
      sharp({ create: { ...noise, background: '#000' } })
        .png()
        .toBuffer(),
      sharp({ create: { ...noise, background: '#000' } })
        .jpeg()
        .toBuffer(),
    ]);
    const job: ImportJob = await send(
      'all.zip',
      zipOf([
        { name: 'whole.png', bytes: png },
        { name: 'cut.png', bytes: png.subarray(0, png.length / 2) },
        { name: 'cut.jpg', bytes: jpeg.subarray(0, jpeg.length - 200) },
        { name: 'whole.jpg', bytes: jpeg },
      ]),
    );
    expect(job).toMatchObject({ status: 'done', added: 2, errorCount: 2 });
    expect(refusals(job)).toEqual([
      expect.stringMatching(/^cut\.png 2: is damaged or not whole/),
      expect.stringMatching(/^cut\.jpg 3: is damaged or not whole/),
    ]);
    const alone = await send('cut.png', png.subarray(0, png.length / 2));
    expect(alone).toMatchObject({ added: 0, errorCount: 1, errors: [{ file: 'cut.png' }] });
    expect(await send('rows.csv', 'text\none\n')).toMatchObject({ added: 0, errorCount: 1 });
  });

  test('every sample holds as many items as it says, and all of them come in', async () => {
    const { items } = await server.api.get<{ items: { name: string; items: number }[] }>('/samples');
    expect(items.map(({ name }) => name)).toEqual(['answers', 'emails', 'photographs', 'speeches']);
    for (const sample of items) {
      const { id } = await server.api.post<Project>(`/samples/${sample.name}`);
      const { tasks } = await server.api.get<{ tasks: number }>(`/projects/${id}`);
      expect([sample.name, tasks]).toEqual([sample.name, sample.items]);
    }
  });

  describe('previews', () => {
    test('read no more than the beginning of whatever is sent', async () => {
      await fresh();
      const row = 'a line of ordinary text with some words in it,x\n';
      let sent = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += 1;
          if (sent > 1000) controller.close();
          else controller.enqueue(Buffer.from(row.repeat(1 << 14)));
        },
      });
      const before = process.memoryUsage().rss;
      const answer = await server.api.raw('POST', `/projects/${project.id}/imports/preview?name=a.csv`, {
        bytes: body,
      });
      expect(((await answer.json()) as { rows: unknown[] }).rows).toHaveLength(20);
      expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    });

    test('say what is wrong, also with the last row, and that there are no rows', async () => {
      await fresh();
      expect(await preview('a.csv', 'text\n')).toMatchObject({ rows: [], problems: ['No rows found.'] });
      const cells = await preview('a.csv', 'text,n\na,1\nb\n');
      expect(cells.problems).toEqual([expect.stringMatching(/^Row 3 has 1 cell, the header has 2\. Give/)]);
      const latin = await preview('a.csv', Buffer.from('text\nschön\n', 'latin1'));
      expect(latin.problems).toEqual([expect.stringMatching(/^Row 2 is not UTF-8 text\. Choose/)]);
      const cut = `text,n\n${'x,1\n'.repeat(10)}${'y'.repeat(300_000)},1\n`;
      expect((await preview('a.csv', cut)).problems).toEqual([]);
      expect((await preview('a.json', '[{"data":{"text":"x"}}]')).format).toBe('label-studio');
    });
  });
});
