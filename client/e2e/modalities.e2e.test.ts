import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, person } from './browser.ts';
import { type BuiltServer, startBuiltServer } from './built-server.ts';
import { greyPng } from './grey-png.ts';

interface Region {
  readonly label: string;
  readonly shape: Readonly<Record<string, number>>;
  readonly from?: string;
}
interface Submitted {
  readonly annotation: { readonly regions: readonly Region[]; readonly answers: Record<string, unknown> };
}

const speech = 'President Truman spoke in Berlin about peace.';
const names = [
  { name: 'person', title: 'Person', color: '#2563eb' },
  { name: 'place', title: 'Place', color: '#16a34a' },
];

let server: BuiltServer;
let browser: Browser;
let modelKey: string;
beforeAll(async () => {
  server = await startBuiltServer();
  browser = await launch();
  for (const name of ['ann', 'ben'])
    await server.api('POST', '/users', { name, role: 'annotator', password: 'correct-horse-1' });
  modelKey = (await server.api<{ key: string }>('POST', '/users', { name: 'spotter', role: 'model' })).key;
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function newProject(schema: object, more: object = {}): Promise<string> {
  const { id } = await server.api<{ id: string }>('POST', '/projects', {
    name: 'A project',
    schema,
    rules: {
      overlap: { min: 2, max: 2 },
      minAgreement: 0.5,
      minConfidence: 0.5,
      consensus: 'majority',
      leaseMs: 600_000,
    },
    ...more,
  });
  return id;
}
async function newTask(project: string, data: object): Promise<string> {
  const { task } = await server.api<{ task: { id: string } }>('POST', `/projects/${project}/tasks`, { data });
  return task.id;
}
async function submissionOf(task: string): Promise<Submitted['annotation']> {
  const { items } = await server.api<{ items: Submitted[] }>('GET', `/tasks/${task}/submissions`);
  expect(items).toHaveLength(1);
  return items[0]!.annotation;
}
const saved = (page: Page) => page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
const done = (page: Page) => page.getByText('Nothing waits for you here').waitFor();

/** Drags the mouse over these words, as a person selects them. */
async function selectWords(page: Page, words: string): Promise<void> {
  const rect = await page.getByTestId('asset-text').evaluate((stage, wanted) => {
    const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(wanted) ?? -1;
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return { left, right, y: (top + bottom) / 2 };
    }
    throw new Error(`"${wanted}" is not on the stage`);
  }, words);
  await page.mouse.move(rect.left + 1, rect.y);
  await page.mouse.down();
  await page.mouse.move(rect.right - 1, rect.y, { steps: 4 });
  await page.mouse.up();
}

it('labels spans by keyboard and mouse, keeps them over a reload, and submits them', async () => {
  const project = await newProject({ modality: 'text-spans', classes: names });
  const task = await newTask(project, { text: speech });
  const { page, problems } = await person(browser, server.url, 'ann');
  await page.goto(`${server.url}/label/${project}`);
  await page.getByTestId('asset-text').getByText('Truman').waitFor();
  const regions = page.getByTestId('regions');

  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  // The key can come before the browser has told of the mouse that was let go.
  await page
    .getByTestId('asset-text')
    .getByRole('document')
    .evaluate((stage) => {
      stage.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
      document.dispatchEvent(new KeyboardEvent('keydown', { key: '1' }));
    });
  await regions.getByText('President Truman').waitFor();
  await page.waitForTimeout(50);
  await regions.getByRole('button', { name: /President Truman/, pressed: true }).waitFor({ timeout: 2_000 });
  await selectWords(page, 'Berlin');
  await page.keyboard.press('2');
  await regions.getByText('Berlin').waitFor();
  await saved(page);

  await page.reload();
  await regions.getByText('President Truman').waitFor();
  await regions.getByText('Berlin').waitFor();
  await page.keyboard.press('Control+Enter');
  await done(page);
  const said = (await submissionOf(task)).regions.map((r) => [
    r.label,
    speech.slice(r.shape['start'], r.shape['end']),
  ]);
  expect(said.sort()).toEqual([
    ['person', 'President Truman'],
    ['place', 'Berlin'],
  ]);
  expect(problems).toEqual([]);
});

/** A project with one grey picture, 400 by 300 pixels. */
async function pictureProject(): Promise<string> {
  const project = await newProject(
    { modality: 'image-boxes', classes: [{ name: 'thing', color: '#2563eb' }] },
    { suggestions: false },
  );
  await fetch(`${server.url}/api/v1/projects/${project}/imports?name=grey.png&wait=true`, {
    method: 'POST',
    headers: { cookie: server.cookie, 'x-concord': '1', 'content-type': 'application/octet-stream' },
    body: new Uint8Array(greyPng(400, 300)),
  });
  return project;
}
async function onlyRegion(project: string): Promise<Region> {
  const { items } = await server.api<{ items: { id: string }[] }>('GET', `/projects/${project}/tasks`);
  const { regions } = await submissionOf(items[0]!.id);
  expect(regions).toHaveLength(1);
  return regions[0]!;
}

it('draws a box, moves it, undoes and redoes, and submits where it came to lie', async () => {
  const project = await pictureProject();
  const { page, problems } = await person(browser, server.url, 'ann');
  await page.goto(`${server.url}/label/${project}`);
  const stage = page.getByTestId('image-stage');
  await page.locator('[data-testid="image-stage"][data-ready="yes"]').waitFor();
  const frame = (await stage.boundingBox())!;
  const middle = { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 };
  async function dragBy(from: { x: number; y: number }, dx: number, dy: number): Promise<void> {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + dx, from.y + dy, { steps: 5 });
    await page.mouse.up();
  }
  const boxes = page.getByTestId('regions').locator('[data-region]');

  // The picture is centred, so the middle of the stage is the middle of the picture.
  await dragBy({ x: middle.x - 90, y: middle.y - 60 }, 90, 60);
  await expect.poll(() => boxes.count()).toBe(1);
  await page.keyboard.press('Control+z');
  await expect.poll(() => boxes.count()).toBe(0);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => boxes.count()).toBe(1);
  await boxes.first().getByRole('button').first().click();

  const inside = { x: middle.x - 45, y: middle.y - 30 };
  await dragBy(inside, 45, 0);
  await dragBy({ x: inside.x + 45, y: inside.y }, 45, 0);
  await page.keyboard.press('Control+z');
  await saved(page);
  await page.keyboard.press('Control+Enter');
  await done(page);
  const { shape, label } = await onlyRegion(project);
  expect(label).toBe('thing');
  const width = shape['width']!;
  expect(width / shape['height']!).toBeCloseTo(1.5, 1);
  // Drawn from a width left of the middle, moved right by half a width; the second move was undone.
  expect(shape['x']! + width / 2).toBeGreaterThan(198);
  expect(shape['x']! + width / 2).toBeLessThan(202);
  expect(problems).toEqual([]);
});

it('makes a box, moves and sizes it without a mouse', async () => {
  const project = await pictureProject();
  const { page, problems } = await person(browser, server.url, 'ann');
  await page.goto(`${server.url}/label/${project}`);
  await page.locator('[data-testid="image-stage"][data-ready="yes"]').waitFor();
  await page.keyboard.press('n');
  const made = page.getByTestId('regions').locator('[data-region]');
  await made.waitFor();
  const size = /(\d+) × (\d+)/.exec((await made.textContent()) ?? '')!;
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Control+ArrowDown');
  await made.getByText(`${size[1]} × ${Number(size[2]) + 1}`).waitFor();
  await saved(page);
  await page.keyboard.press('Control+Enter');
  await done(page);
  const { shape } = await onlyRegion(project);
  // It was made in the middle of the picture and moved ten pixels to the right.
  expect(Math.abs(shape['x']! + shape['width']! / 2 - 210)).toBeLessThan(1);
  expect(problems).toEqual([]);
});

it('chooses the better answer with a key', async () => {
  const project = await newProject({
    modality: 'pairwise-preference',
    classes: [
      { name: 'a', title: 'A is better', color: '#2563eb' },
      { name: 'b', title: 'B is better', color: '#d97706' },
      { name: 'tie', title: 'Tie', color: '#64748b' },
    ],
  });
  const task = await newTask(project, { prompt: 'What is rain?', a: 'Wet weather.', b: 'Falling water.' });
  const { page, problems } = await person(browser, server.url, 'ann');
  await page.goto(`${server.url}/label/${project}`);
  await page.getByText('Falling water.').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Choose an answer first.').waitFor();
  await page.keyboard.press('2');
  await expect.poll(() => page.getByRole('radio', { name: 'B is better' }).isChecked()).toBe(true);
  await page.keyboard.press('Control+Enter');
  await done(page);
  expect((await submissionOf(task)).answers).toEqual({ choice: 'b' });
  expect(problems).toEqual([]);
});

it('takes a suggestion with one key, and the model is credited', async () => {
  const project = await newProject({ modality: 'text-spans', classes: names });
  const task = await newTask(project, { text: speech });
  const model = await server.api<{ id: string; version: number }>(
    'PUT',
    `/projects/${project}/models/spotter`,
    { kind: 'external' },
    modelKey,
  );
  const start = speech.indexOf('Berlin');
  const region = { id: 'r1', kind: 'span', label: 'place', shape: { start, end: start + 6 }, score: 0.9 };
  const { page, problems } = await person(browser, server.url, 'ann');
  await page.goto(`${server.url}/label/${project}`);
  await page.getByTestId('asset-text').getByText('Truman').waitFor();
  // It comes while the room is open.
  await server.api(
    'POST',
    `/projects/${project}/suggestions`,
    {
      model: model.id,
      version: model.version,
      items: [{ taskId: task, annotation: { regions: [region], answers: {} }, score: 0.9, uncertainty: 0.1 }],
    },
    modelKey,
  );
  const suggestion = page.getByTestId('suggestions').getByText('Berlin');
  await suggestion.waitFor();
  // A rejected one stays so over a reload, and can be had back.
  await page.keyboard.press('x');
  await suggestion.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await suggestion.waitFor();
  await page.keyboard.press('x');
  await suggestion.waitFor({ state: 'detached' });
  await page.reload();
  const back = page.getByRole('button', { name: 'Show 1 rejected' });
  await back.waitFor();
  expect(await suggestion.count()).toBe(0);
  await back.click();
  await suggestion.waitFor();
  // In a comment Ctrl+Enter sends the comment; the task stays.
  await page.getByRole('button', { name: /^Comments/ }).click();
  await page.getByLabel('Comment', { exact: true }).fill('Which Berlin?');
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('comments').getByText('Which Berlin?').waitFor();
  await suggestion.waitFor();
  await page.keyboard.press('Escape');
  // A skipped task can be had back too.
  await page.getByRole('button', { name: /^Skip:/ }).click();
  await page.getByLabel('Why skip it?').fill('Not my field');
  await page.keyboard.press('Enter');
  await suggestion.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await suggestion.waitFor();
  await page.keyboard.press('a');
  await page.getByTestId('regions').getByText('Berlin').waitFor();
  await page.getByTestId('suggestions').waitFor({ state: 'detached' });
  await saved(page);
  await page.keyboard.press('Control+Enter');
  await done(page);
  expect((await submissionOf(task)).regions).toMatchObject([
    { label: 'place', shape: region.shape, from: `${model.id}/r1` },
  ]);
  const { items } = await server.api<{ items: { accepted: number; rejected: number }[] }>(
    'GET',
    `/projects/${project}/models`,
  );
  expect(items).toMatchObject([{ accepted: 1, rejected: 0 }]);
  expect(problems).toEqual([]);
});

it('shows people in an open room to each other, and a comment on a region as it is written', async () => {
  const project = await newProject({ modality: 'text-spans', classes: names }, { visibility: 'open' });
  const task = await newTask(project, { text: speech });
  const [ann, ben] = await Promise.all(
    ['ann', 'ben'].map(async (name) => {
      const who = await person(browser, server.url, name);
      await who.page.goto(`${server.url}/label/${project}/${task}`);
      await who.page.getByTestId('asset-text').getByText('Truman').waitFor();
      await who.page.getByRole('button', { name: /^Comments/ }).click();
      return who;
    }),
  );
  await ann!.page.getByTestId('here').getByText('2 here').waitFor();
  await ben!.page.getByTestId('here').getByText('2 here').waitFor();

  await selectWords(ann!.page, 'Berlin');
  await ann!.page.keyboard.press('2');
  await ann!.page.getByTestId('regions').getByText('Berlin').waitFor();
  await ann!.page.getByLabel('Comment', { exact: true }).fill('East or West?');
  // It sends what is written, and does not submit the answer.
  await ann!.page.keyboard.press('Control+Enter');
  const seen = ben!.page.getByTestId('comments');
  await seen.getByText('East or West?').waitFor();
  await seen.getByText('Place Berlin').waitFor();

  await ben!.context.close();
  await ann!.page.getByTestId('here').getByText('Only you').waitFor();
  expect([...ann!.problems, ...ben!.problems]).toEqual([]);
});
