import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launch, person } from './browser.ts';
import { type BuiltServer, startBuiltServer } from './built-server.ts';
import { greyPng } from './grey-png.ts';

type Person = Awaited<ReturnType<typeof person>>;

const speech = Array.from(
  { length: 16 },
  (_, i) =>
    `Paragraph ${i + 1}. President Truman spoke in Berlin about peace. ${'The delegates listened. '.repeat(9)}`,
).join('\n\n');
const names = [
  { name: 'person', title: 'Person', color: '#2563eb' },
  { name: 'place', title: 'Place', color: '#16a34a' },
];
const spamOrHam = [
  { name: 'spam', color: '#dc2626' },
  { name: 'ham', color: '#16a34a' },
];

let server: BuiltServer;
let browser: Browser;
const colors = new Map<string, string>();
let inside: Person[] = [];
beforeAll(async () => {
  server = await startBuiltServer();
  browser = await launch();
  for (const [name, display, role] of [
    ['ann', 'Ann Archer', 'annotator'],
    ['ben', 'Ben Okafor', 'annotator'],
    ['eve', 'Eve Lindqvist', 'super-reviewer'],
  ]) {
    const made = await server.api<{ user: { color: string } }>('POST', '/users', {
      name,
      display,
      role,
      password: 'correct-horse-1',
    });
    colors.set(name!, made.user.color);
  }
});
afterEach(async () => {
  const problems = inside.flatMap((p) => p.problems);
  await Promise.all(inside.map((p) => p.context.close()));
  inside = [];
  expect(problems).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function enter(name: string): Promise<Person> {
  const who = await person(browser, server.url, name);
  inside.push(who);
  return who;
}
async function newProject(schema: object, more: object = {}): Promise<string> {
  const { id } = await server.api<{ id: string }>('POST', '/projects', {
    name: 'Together',
    schema,
    visibility: 'open',
    rules: {
      overlap: { min: 2, max: 2 },
      minAgreement: 0.9,
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
async function newPicture(project: string): Promise<void> {
  const answer = await fetch(`${server.url}/api/v1/projects/${project}/imports?name=grey.png&wait=true`, {
    method: 'POST',
    headers: { cookie: server.cookie, 'x-concord': '1', 'content-type': 'application/octet-stream' },
    body: new Uint8Array(greyPng(900, 600)),
  });
  expect(answer.status).toBe(200);
}
const open = (who: Person, project: string) => who.page.goto(`${server.url}/label/${project}`);
const follow = (page: Page, whom: string) =>
  page.getByRole('button', { name: `Follow ${whom}`, exact: true }).first();
const following = (page: Page) => page.getByTestId('following');
/** What comes true within seconds, on a machine that does other things as well. */
const soon = <T>(what: () => T) => expect.poll(what, { timeout: 15_000 });
const saved = (page: Page) => page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
/** #rrggbb as the browser says it. */
const rgb = (hex: string) =>
  `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(', ')})`;
const background = (what: Locator) => what.evaluate((element) => getComputedStyle(element).backgroundColor);
async function drag(page: Page, from: [number, number], to: [number, number], release = true): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 6 });
  if (release) await page.mouse.up();
}

describe('seeing each other', () => {
  it('shows a colleague in one colour: avatar, cursor, selection; follows them until one moves', async () => {
    const project = await newProject({ modality: 'text-spans', classes: names });
    await newTask(project, { text: speech });
    const [ann, ben] = [await enter('ann'), await enter('ben')];
    for (const who of [ann, ben]) {
      await open(who, project);
      await who.page.getByTestId('asset-text').getByText('Paragraph 1.').waitFor();
    }
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Shift+ArrowRight', '1'])
      await ann.page.keyboard.press(key);
    await ann.page.getByTestId('asset-text').getByText('Paragraph 3.').hover();

    const his = ben.page;
    const color = rgb(colors.get('ann')!);
    const cursor = his.getByTestId('cursor');
    await cursor.getByText('Ann Archer').waitFor();
    expect(await background(cursor)).toBe(color);
    expect(await background(his.getByTestId('people').getByRole('img', { name: 'Ann Archer' }))).toBe(color);
    await his.getByTestId('selected-by').getByText('Ann Archer').waitFor();
    expect(await background(his.getByTestId('selected-by').getByText('Ann Archer'))).toBe(color);
    const chosen = his.locator('[data-chosen-by]', { hasText: 'President Truman' });
    expect(await chosen.evaluate((run) => getComputedStyle(run).outlineColor)).toBe(color);

    await his.getByTestId('here').click();
    await his.getByTestId('people-list').getByText('labels, at Person President Truman').waitFor();
    await his.keyboard.press('Escape');

    const scroller = (page: Page) =>
      page.locator('[role=document]').evaluate((text) => text.parentElement!.parentElement!.scrollTop);
    await follow(his, 'Ann Archer').click();
    await following(his).getByText('Following Ann Archer').waitFor();
    await ann.page.mouse.wheel(0, 900);
    await soon(() => scroller(his)).toBeGreaterThan(700);
    await soon(async () => Math.abs((await scroller(his)) - (await scroller(ann.page)))).toBeLessThan(45);
    await his.keyboard.press('Escape');
    await following(his).waitFor({ state: 'detached' });

    await follow(his, 'Ann Archer').click();
    await following(his).waitFor();
    await his.getByTestId('asset-text').hover();
    await his.mouse.wheel(0, -300);
    await following(his).waitFor({ state: 'detached' });
    // Who leaves is gone everywhere.
    await ann.page.goto(`${server.url}/`);
    await his.getByText('Only you').waitFor();
    await cursor.waitFor({ state: 'detached' });
  });

  it.each([
    {
      modality: 'text-classification',
      schema: { modality: 'text-classification', classes: spamOrHam },
      data: { text: speech },
    },
    {
      modality: 'pairwise-preference',
      schema: {
        modality: 'pairwise-preference',
        classes: [
          { name: 'a', color: '#2563eb' },
          { name: 'b', color: '#d97706' },
          { name: 'tie', color: '#64748b' },
        ],
      },
      data: { prompt: 'Who spoke?', a: speech, b: speech },
    },
  ])('shows cursors and follows in $modality', async ({ schema, data }) => {
    const project = await newProject(schema);
    await newTask(project, data);
    const [ann, ben] = [await enter('ann'), await enter('ben')];
    for (const who of [ann, ben]) {
      await open(who, project);
      await who.page.getByTestId('asset-text').getByText('Paragraph 1.').first().waitFor();
    }
    await ann.page.getByTestId('asset-text').getByText('Paragraph 1.').first().hover();
    await ben.page.getByTestId('cursor').getByText('Ann Archer').waitFor();
    expect(await background(ben.page.getByTestId('cursor'))).toBe(rgb(colors.get('ann')!));
    await follow(ben.page, 'Ann Archer').click();
    await ann.page.mouse.wheel(0, 700);
    const scrolled = (page: Page) =>
      page
        .getByTestId('asset-text')
        .evaluate((stage) => Math.max(...[...stage.querySelectorAll('*')].map((e) => e.scrollTop)));
    await soon(() => scrolled(ben.page)).toBeGreaterThan(400);
    await ben.page.getByTestId('here').click();
    await ben.page
      .getByTestId('people-list')
      .getByText(/labels, reads \d+–\d+%/)
      .waitFor();
  });

  it('shows who writes the reason of the agreed answer, and keeps others from writing over it meanwhile', async () => {
    const project = await newProject({
      modality: 'text-classification',
      classes: spamOrHam,
      reason: { ask: true, required: false, prompt: 'Why?' },
    });
    await newTask(project, { text: 'You have won a prize' });
    const [ann, ben] = [await enter('ann'), await enter('ben')];
    for (const who of [ann, ben]) {
      await open(who, project);
      await who.page.getByText('Agreed answer', { exact: true }).click();
    }
    const hers = ann.page.getByRole('textbox', { name: 'Why?' });
    const his = ben.page.getByRole('textbox', { name: 'Why?' });
    const writing = ben.page.getByText('Ann Archer is writing').waitFor();
    const typing = hers.pressSequentially('It promises a prize', { delay: 200 });
    await writing;
    expect(await his.isEditable()).toBe(false);
    await typing;
    // She stops, and he goes on with what she wrote.
    await ben.page.getByText('Ann Archer is writing').waitFor({ state: 'detached' });
    await soon(() => his.inputValue()).toBe('It promises a prize');
    await his.press('End');
    await his.pressSequentially('!');
    await soon(() => hers.inputValue()).toBe('It promises a prize!');
  });

  it('shows who moves a box of the agreed answer, holds it back for others, and follows over a picture', async () => {
    const project = await newProject({
      modality: 'image-boxes',
      classes: [{ name: 'cat', title: 'Cat', color: '#2563eb' }],
    });
    await newPicture(project);
    const [ann, ben] = [await enter('ann'), await enter('ben')];
    for (const who of [ann, ben]) {
      await open(who, project);
      await who.page.locator('[data-testid="image-stage"][data-ready="yes"]').waitFor();
      await who.page.getByText('Agreed answer', { exact: true }).click();
    }
    await drag(ann.page, [250, 250], [420, 400]);
    await ben.page.getByTestId('regions').getByText('Cat').waitFor();
    const mark = ben.page.getByTestId('selected-by');
    await mark.getByText('Ann Archer').waitFor();
    expect(await mark.evaluate((box) => getComputedStyle(box).borderColor)).toBe(rgb(colors.get('ann')!));

    // Ann has it by the hand: Ben's drag does not move it, and says why.
    await drag(ann.page, [330, 330], [380, 360], false);
    await ben.page.getByTestId('held').getByText('Ann Archer is changing this').waitFor();
    // She drew it from 250 and moved it by 50; the outline stands 5 pixels around it.
    await soon(async () => Math.round((await ben.page.getByTestId('held').boundingBox())!.x)).toBe(295);
    const before = await ben.page.getByTestId('held').boundingBox();
    await ben.page.mouse.click(390, 380);
    const hint = ben.page.getByText('Ann Archer is changing this right now').waitFor();
    await drag(ben.page, [390, 380], [560, 560]);
    await hint;
    expect(await ben.page.getByTestId('held').boundingBox()).toEqual(before);
    await ben.page.keyboard.press('ArrowLeft');
    await saved(ben.page);
    expect(await ben.page.getByTestId('held').boundingBox()).toEqual(before);

    // She lets go, and it is free.
    await ann.page.mouse.up();
    await ben.page.getByTestId('held').waitFor({ state: 'detached' });
    await drag(ben.page, [390, 380], [430, 420]);
    await soon(async () => (await mark.boundingBox())?.x).toBeGreaterThan(before!.x + 20);

    await ann.page.getByTestId('held').waitFor({ state: 'detached' });

    // Ann vanishes in the middle of a drag: what she held is free again.
    await drag(ann.page, [430, 420], [450, 430], false);
    await ben.page.getByTestId('held').waitFor();
    await ann.context.setOffline(true);
    await ben.page.getByTestId('held').waitFor({ state: 'detached', timeout: 12_000 });
    await ann.context.setOffline(false);
    await ann.page.mouse.up();

    const zoom = (page: Page) => page.getByText(/^\d+%$/).textContent();
    await follow(ben.page, 'Ann Archer').click();
    await ann.page.mouse.wheel(0, -600);
    await soon(() => zoom(ben.page)).not.toBe('99%');
    await soon(async () => (await zoom(ben.page)) === (await zoom(ann.page))).toBe(true);
    await ben.page.mouse.move(300, 300);
    await ben.page.mouse.wheel(0, 200);
    await following(ben.page).waitFor({ state: 'detached' });
  });
});

describe('talking', () => {
  it('carries a question on a region to a mentioned reviewer and the answer back, and says what it costs', async () => {
    const project = await newProject(
      { modality: 'text-spans', classes: names },
      { visibility: 'blind-then-open', name: 'Blind speeches' },
    );
    const task = await newTask(project, { text: speech });
    const [ann, ben, eve] = [await enter('ann'), await enter('ben'), await enter('eve')];
    await eve.page.goto(`${server.url}/disputes`);
    for (const who of [ann, ben]) {
      await open(who, project);
      await who.page.getByTestId('asset-text').getByText('Paragraph 1.').waitFor();
    }
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Shift+ArrowRight', '1'])
      await ann.page.keyboard.press(key);
    await ann.page.getByTestId('regions').getByText('President Truman').waitFor();
    await ann.page.getByRole('button', { name: 'Comments' }).click();
    const field = ann.page.getByRole('textbox', { name: 'Comment' });
    // Blind, one may name reviewers, and learns of no colleague.
    await field.fill('@');
    await field.press('End');
    const offered = ann.page.getByRole('listbox', { name: 'People' });
    await offered.getByText('Eve Lindqvist').waitFor();
    expect(await offered.getByText('Ben Okafor').count()).toBe(0);
    await field.fill('Is the title part of it? ');
    await field.pressSequentially('@ev');
    await field.press('Enter');
    await soon(() => field.inputValue()).toBe('Is the title part of it? @Eve Lindqvist ');
    await field.press('Enter');

    await eve.page.getByText('Ann Archer mentioned you in Blind speeches.').waitFor({ timeout: 5000 });
    await soon(() => eve.page.getByTestId('unread-count').first().textContent()).toBe('1');
    await eve.page.getByRole('button', { name: /Notifications, 1 unread/ }).click();
    await eve.page.getByTestId('notifications').getByText('mentioned you').click();
    await eve.page.waitForURL((to) => to.pathname === `/review/${task}`);
    const thread = eve.page.getByTestId('comments').getByRole('listitem').filter({ hasText: 'Is the title' });
    await thread.getByText('Ann Archer: Person President Truman').waitFor();
    await thread.getByTestId('unread').first().waitFor();
    await thread.getByRole('button', { name: 'Reply' }).click();
    await eve.page.getByText('Ann Archer works blind.').waitFor();
    expect(await thread.getByTestId('unread').count()).toBe(0);
    await eve.page.getByRole('textbox', { name: 'Reply' }).fill('No, only the name.');
    await eve.page.keyboard.press('Enter');

    const answered = ann.page.getByTestId('comments');
    await answered.getByText('No, only the name.').waitFor();
    await answered.getByTestId('unread').waitFor();
    // What was in sight for a while is read.
    await answered.getByTestId('unread').waitFor({ state: 'detached', timeout: 10_000 });
    await answered.getByRole('button', { name: 'Resolve' }).click();
    await ann.page.getByRole('button', { name: 'Show 1 resolved' }).waitFor();
    await eve.page.getByRole('button', { name: 'Show 1 resolved' }).waitFor();
    expect(await ben.page.getByText('Is the title').count()).toBe(0);

    await ann.page.keyboard.press('Escape');
    await ann.page.getByTestId('submit').click();
    await soon(async () =>
      (await server.api<{ items: { blind: boolean }[] }>('GET', `/tasks/${task}/submissions`)).items.map(
        (s) => s.blind,
      ),
    ).toEqual([false]);
  });

  it('shows a raised hand to reviewers at once, and the reviewer who comes to who raised it, and to nobody else', async () => {
    const project = await newProject(
      { modality: 'text-classification', classes: spamOrHam },
      { visibility: 'blind', name: 'Blind letters' },
    );
    await newTask(project, { text: 'You have won a prize' });
    const [ann, ben, eve] = [await enter('ann'), await enter('ben'), await enter('eve')];
    await eve.page.goto(`${server.url}/disputes`);
    await eve.page.getByText('Nothing is disputed').waitFor();
    for (const who of [ann, ben]) {
      await open(who, project);
      await who.page.getByTestId('asset-text').getByText('You have won').waitFor();
    }
    await ann.page.keyboard.press('h');
    await ann.page.getByLabel('What do you need?').fill('Does a joke count?');
    await ann.page.keyboard.press('Enter');
    await eve.page.getByTestId('hands').getByText('Does a joke count?').waitFor({ timeout: 2000 });
    await ann.page.locator('[data-testid="hand"][data-raised="yes"]').waitFor();
    const announced = ann.page.getByText('Eve Lindqvist has come to help you.').waitFor();
    await eve.page.getByTestId('hands').getByText('Ann Archer').click();
    await eve.page.getByTestId('raised-hand').getByText('Does a joke count?').waitFor();
    await announced;
    expect(await ben.page.getByText('has come to help').count()).toBe(0);

    // Eve points around; to the blind that would tell where others' marks are.
    await eve.page.getByTestId('asset-text').getByText('You have won').hover();
    const lowered = ann.page.getByText('A reviewer has taken your raised hand down.').waitFor();
    await eve.page.getByRole('button', { name: 'Take the hand down' }).click();
    await lowered;
    await ann.page.locator('[data-testid="hand"][data-raised="no"]').waitFor();
    for (const who of [ann, ben]) expect(await who.page.getByTestId('cursor').count()).toBe(0);
    await ben.page.getByTestId('here').click();
    const list = ben.page.getByTestId('people-list');
    await list.getByText('Eve Lindqvist').waitFor();
    await list.getByText('1 other person in this room.').waitFor();
    expect(await list.getByText('Ann Archer').count()).toBe(0);
    await eve.page.goto(`${server.url}/disputes`);
    await eve.page.getByText('Nothing is disputed').waitFor();
    expect(await eve.page.getByTestId('hands').count()).toBe(0);
  });
});

describe('looking back', () => {
  it('shows a settled room as it was at any entry, from the data table, and changes nothing', async () => {
    const project = await newProject(
      { modality: 'text-classification', classes: spamOrHam },
      {
        visibility: 'blind-then-open',
        rules: {
          overlap: { min: 1, max: 1 },
          minAgreement: 0,
          minConfidence: 0.5,
          consensus: 'majority',
          leaseMs: 600_000,
        },
      },
    );
    const task = await newTask(project, { text: 'You have won a prize' });
    const ann = await enter('ann');
    await open(ann, project);
    await ann.page.getByTestId('asset-text').getByText('You have won').waitFor();
    await ann.page.keyboard.press('1');
    await saved(ann.page);
    await ann.page.keyboard.press('2');
    await saved(ann.page);
    await ann.page.keyboard.press('Control+Enter');
    await ann.page.getByText('Nothing waits for you here').waitFor();

    const eve = await enter('eve');
    await eve.page.goto(`${server.url}/projects/${project}/data`);
    await eve.page.getByRole('link', { name: 'History of task 1' }).click();
    const entries = eve.page.getByTestId('history-entries');
    await entries.getByText('chose spam').waitFor();
    const place = eve.page.getByTestId('history-place');
    expect(await place.textContent()).toBe('4 of 4');
    const votes = (name: string) =>
      eve.page
        .getByTestId('history-stage')
        .getByRole('radio', { name: new RegExp(name) })
        .getByRole('img', { name: 'Chosen by Ann Archer' })
        .count();
    expect([await votes('spam'), await votes('ham')]).toEqual([0, 1]);
    await eve.page.getByTestId('history-slider').fill('1');
    await soon(async () => [await votes('spam'), await votes('ham')]).toEqual([1, 0]);
    await eve.page.keyboard.press('ArrowLeft');
    await soon(async () => [await votes('spam'), await votes('ham')]).toEqual([0, 0]);
    await eve.page.keyboard.press(']');
    expect(await place.textContent()).toContain('3 of 4');
    await entries.getByText('chose spam').click();
    await soon(() => place.textContent()).toContain('1 of 4');
    await eve.page.keyboard.press('Space');
    await soon(() => place.textContent()).toContain('4 of 4');
    // Nothing can be chosen here, and looking left no trace in the log.
    await eve.page.keyboard.press('1');
    const { entries: log } = await server.api<{ entries: unknown[] }>('GET', `/tasks/${task}/history`);
    expect(log).toHaveLength(4);
    // Who may not look back is told so, in the page.
    await ann.page.goto(`${server.url}/history/${task}`);
    await ann.page.getByText('This needs the role').waitFor();
    await ann.page.getByText('History of task 1').waitFor();
  });

  it('lets a reviewer look back while the room goes on, and come back to it as it is then', async () => {
    const project = await newProject({ modality: 'text-spans', classes: names });
    const task = await newTask(project, { text: speech });
    const [ann, eve] = [await enter('ann'), await enter('eve')];
    await open(ann, project);
    await ann.page.getByTestId('asset-text').getByText('Paragraph 1.').waitFor();
    const mark = async (): Promise<void> => {
      for (const key of ['ArrowRight', '1', 'Escape']) await ann.page.keyboard.press(key);
      await saved(ann.page);
    };
    await mark();
    await eve.page.goto(`${server.url}/review/${task}`);
    const live = eve.page.getByTestId('asset-text').locator('[data-marks]');
    await soon(() => live.count()).toBe(1);
    await eve.page.getByTestId('decision-reason').fill('half a sentence');
    await eve.page.getByRole('button', { name: /^History/ }).click();
    const then = eve.page.getByTestId('history-stage').locator('[data-marks]');
    await soon(() => then.count()).toBe(1);
    await eve.page.keyboard.press('Home');
    await soon(() => then.count()).toBe(0);
    for (let i = 0; i < 3; i += 1) await ann.page.keyboard.press('ArrowRight');
    await ann.page.keyboard.press('2');
    await saved(ann.page);
    expect(await then.count()).toBe(0);
    // To the others she is nowhere meanwhile.
    await ann.page.getByTestId('here').click();
    await ann.page.getByTestId('people-list').getByText('reviews', { exact: true }).waitFor();
    await eve.page.keyboard.press('Escape');
    await soon(() => live.count()).toBe(2);
    expect(await eve.page.getByTestId('decision-reason').inputValue()).toBe('half a sentence');
  });
});
