import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launch, person } from './browser.ts';
import { type BuiltServer, startBuiltServer } from './built-server.ts';

const sizes = [
  { width: 1280, height: 720 },
  { width: 390, height: 844 },
] as const;

let server: BuiltServer;
let browser: Browser;
let project: string;
/** By what it says. */
const tasks = new Map<string, string>();
let lead: { context: BrowserContext; page: Page; problems: string[] };

beforeAll(async () => {
  server = await startBuiltServer();
  browser = await launch();
  const [ann, ben] = await Promise.all(
    [
      { name: 'ann', display: 'Ann Acheson' },
      { name: 'ben', display: 'Benedict Okafor' },
    ].map(
      async (who) =>
        (
          await server.api<{ key: string }>('POST', '/users', {
            ...who,
            role: 'annotator',
            password: 'correct-horse-1',
          })
        ).key,
    ),
  );
  const classes = [
    { name: 'spam', title: 'Spam', color: '#dc2626' },
    { name: 'ham', title: 'Ham', color: '#16a34a' },
  ];
  project = (
    await server.api<{ id: string }>('POST', '/projects', {
      name: 'Letters',
      description: 'Letters from strangers and friends.',
      guidelines: '# What is spam\n\nWhat nobody asked for.',
      schema: { modality: 'text-classification', classes },
      rules: {
        overlap: { min: 2, max: 2 },
        minAgreement: 0.6,
        minConfidence: 0.6,
        consensus: 'majority',
        leaseMs: 600_000,
      },
    })
  ).id;
  const answers = [
    { text: 'see you at noon', ann: 'ham', ben: 'ham' },
    { text: 'dinner is at eight', ann: 'ham', ben: 'ham' },
    { text: 'win a prize --> click', ann: 'spam', ben: 'ham' },
  ];
  for (const { text, ...said } of answers) {
    const { task } = await server.api<{ task: { id: string } }>('POST', `/projects/${project}/tasks`, {
      data: { text },
    });
    tasks.set(text, task.id);
    for (const [key, label] of [
      [ann, said.ann],
      [ben, said.ben],
    ] as const)
      await server.api(
        'POST',
        `/tasks/${task.id}/submissions`,
        { annotation: { answers: { label }, regions: [] }, leadTimeMs: 3000 },
        key,
      );
    // One version an item, so that there is something to compare.
    if (said.ann === said.ben) await version(tasks.size);
  }
  await server.api('POST', `/projects/${project}/tasks`, { data: { text: 'still open --> here' } });
  lead = await person(browser, server.url, 'chief');
  lead.page.on('console', (line) => line.type() === 'error' && lead.problems.push(line.text()));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Waits until the dataset holds this many records. */
async function version(records: number): Promise<void> {
  await vi.waitUntil(
    async () =>
      (await server.api<{ items: { records: number }[] }>('GET', '/datasets')).items[0]?.records === records,
    { timeout: 20_000, interval: 100 },
  );
}

/** How far a page is wider than its window, or a table than its frame, and whether it scrolls twice (the document beside the page's own part). */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const main = document.querySelector('#main') ?? document.documentElement;
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    return {
      wider: Math.max(
        scrollWidth - clientWidth,
        main.scrollWidth - main.clientWidth,
        ...[...document.querySelectorAll('table')].map(({ parentElement: frame }) =>
          frame === null ? 0 : frame.scrollWidth - frame.clientWidth,
        ),
      ),
      longer: document.querySelector('#main') === null ? 0 : scrollHeight - clientHeight,
    };
  });

describe.each(sizes)('at $width × $height', (size) => {
  it.each([
    ['/', 'Projects'],
    ['/new', 'New project'],
    ['/projects/:id', 'Letters', 'Krippendorff’s alpha'],
    ['/projects/:id/data', 'Letters', 'see you at noon'],
    ['/projects/:id/import', 'Letters', 'Drop files anywhere on this page'],
    ['/projects/:id/datasets', 'Letters', 'Versions'],
    ['/projects/:id/people', 'Letters', 'Reliability'],
    ['/projects/:id/settings', 'Letters', 'Guidelines'],
    ['/disputes', 'Disputes', 'win a prize'],
    ['/people', 'People', 'Invite somebody'],
    ['/account', 'The Chief', 'API keys'],
    ['/notifications', 'Notifications', 'Nothing yet'],
    ['/label/:id', 'Letters', 'still open'],
    ['/history/:disputed', 'Letters', 'called for a reviewer'],
    ['/review/:disputed', 'Letters', 'Start here'],
    ['/no/such/page', 'There is no page here'],
  ])('%s opens with "%s"', async (path, heading, content = heading) => {
    const { page, problems } = lead;
    problems.length = 0;
    await page.setViewportSize(size);
    const disputed = tasks.get('win a prize --> click')!;
    await page.goto(server.url + path.replace(':id', project).replace(':disputed', disputed));
    await page.getByRole('heading', { name: heading }).first().waitFor();
    await page.getByText(content).filter({ visible: true }).first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await overflow(page)).toEqual({ wider: 0, longer: 0 });
    expect(problems).toEqual([]);
  });

  it('lets somebody new in by an invite', async () => {
    const { path } = await server.api<{ path: string }>('POST', '/invites', { role: 'annotator' });
    const context = await browser.newContext({ viewport: size });
    const page = await context.newPage();
    await page.goto(`${server.url}/join/nonsense`);
    await page.getByRole('heading', { name: 'This invite no longer works' }).waitFor();
    await page.goto(server.url + path);
    await page.getByLabel('Your name').fill(`Grace Hopper ${size.width}`);
    expect(await page.getByLabel('Sign-in name').inputValue()).toBe(`grace.hopper.${size.width}`);
    await page.getByLabel('Password').fill('correct-horse-1');
    expect(await overflow(page)).toEqual({ wider: 0, longer: 0 });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
    await page.getByRole('link', { name: 'Continue labelling' }).waitFor();
    await context.close();
  });
});

describe('on a desk', () => {
  it('fills the window with the review bench', async () => {
    await lead.page.setViewportSize(sizes[0]);
    await lead.page.goto(`${server.url}/review/${tasks.get('win a prize --> click')}`);
    const panel = lead.page.getByRole('complementary', { name: 'Answers and decision' });
    await panel.waitFor();
    const box = (await panel.boundingBox())!;
    expect(box.x + box.width).toBe(sizes[0].width);
  });

  it('shows a text character by character, without ligatures', async () => {
    await lead.page.goto(`${server.url}/review/${tasks.get('win a prize --> click')}`);
    const text = lead.page.getByTestId('asset-text').getByText('win a prize --> click');
    expect(await text.evaluate((element) => getComputedStyle(element).fontVariantLigatures)).toBe('none');
  });

  it('says task by task what a version changed', async () => {
    const { page } = lead;
    await page.goto(`${server.url}/projects/${project}/datasets`);
    const newest = page.getByTestId('commits').locator('li').first();
    await newest.getByText('1 added').waitFor();
    await newest.getByRole('button', { name: 'What changed' }).click();
    await newest.getByRole('link', { name: 'Task 2' }).click();
    await page.waitForURL((to) => to.pathname.endsWith('/data'));
    const first = page.getByRole('row').nth(1);
    await first.getByText('dinner is at eight').waitFor();
  });

  it('leads away from a project that is not there', async () => {
    await lead.page.goto(`${server.url}/projects/prj_nothingHere`);
    await lead.page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    expect(await lead.page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await lead.page.getByRole('link', { name: 'Go to projects' }).click();
    await lead.page.getByRole('heading', { name: 'Projects' }).waitFor();
  });

  it('says which file cannot be imported, and of a file that can, which row and why', async () => {
    const { page } = lead;
    const { id } = await server.api<{ id: string }>('POST', '/projects', {
      name: 'Imports',
      schema: {
        modality: 'text-classification',
        classes: [
          { name: 'yes', color: '#dc2626' },
          { name: 'no', color: '#16a34a' },
        ],
      },
    });
    await page.goto(`${server.url}/projects/${id}/import`);
    const file = (name: string, text: string) => ({
      name,
      mimeType: 'text/plain',
      buffer: Buffer.from(text),
    });
    await page.setInputFiles('input[type=file]', [
      file('notes.pdf', '%PDF-1.4'),
      file('rows.csv', 'body,n\nfirst,1\n,2\nthird,3\n'),
    ]);
    await page.getByText('notes.pdf cannot be read. Give CSV, TSV').waitFor();
    await page.getByRole('button', { name: 'Leave notes.pdf out' }).click();
    await page.getByRole('columnheader', { name: /body\s*→ text/ }).waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('2 new · 0 there already · 0 with labels · 1 refused').waitFor();
    await page.getByText('1 refused row and why').click();
    await page.getByRole('row', { name: /3 text the text is empty .*Give at least 1 character/ }).waitFor();

    await page.setInputFiles('input[type=file]', [
      { name: 'old.csv', mimeType: 'text/csv', buffer: Buffer.from('body;n\nsch\u00f6n;1\n', 'latin1') },
      file('bare.csv', 'body,n\n'),
    ]);
    await page.getByText('No rows found.').waitFor();
    await page.getByRole('button', { name: 'Leave bare.csv out' }).click();
    await page.getByText('Row 2 is not UTF-8 text. Choose the encoding').waitFor();
    await page.getByRole('button', { name: /Encoding of old.csv/ }).click();
    await page.getByRole('option', { name: 'Windows-1252' }).click();
    await page.getByRole('cell', { name: 'schön' }).waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('1 new · 0 there already · 0 with labels · 0 refused').waitFor();
  });

  it('is worked by keyboard: search, choose tasks, put them first', async () => {
    const { page } = lead;
    await page.goto(`${server.url}/projects/${project}/data`);
    await page.getByText('see you at noon').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('still');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.keyboard.press('Tab');
    const ring = () =>
      page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    expect(await ring()).not.toBe('none');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('1 task chosen').waitFor();
    await page.getByRole('button', { name: 'Put first in the queue' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Put first' }).press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('is loaded anew when the server no longer has a part of it', async () => {
    const context = await browser.newContext({
      viewport: sizes[0],
      storageState: await lead.context.storageState(),
    });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
    await page.route('**/assets/people-*.js', (route) => route.fulfill({ status: 404 }), { times: 1 });
    const reloaded = page.waitForEvent('load');
    await page.getByRole('link', { name: 'People' }).first().click();
    await reloaded;
    await page.getByRole('link', { name: 'People' }).first().click();
    await page.getByRole('heading', { name: 'People' }).waitFor();
    await context.close();
  });

  it('says so when it is offline, and goes on from there', async () => {
    const context = await browser.newContext({
      viewport: sizes[0],
      storageState: await lead.context.storageState(),
    });
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Projects' }).waitFor();
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Disputes' }).first().click();
    await page.getByText('A part of this page could not be fetched').waitFor();
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'Disputes' }).waitFor();
    await context.close();
  });
});

it('tells an annotator which pages are not theirs, and lets them go on', async () => {
  const { context, page } = await person(browser, server.url, 'ann');
  for (const path of [`/projects/${project}/settings`, '/people', '/new']) {
    await page.goto(server.url + path);
    await page.getByRole('heading', { name: 'This page is not open to you' }).waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  }
  await page.getByRole('link', { name: 'Go to projects' }).click();
  await page.getByRole('heading', { name: 'Projects' }).waitFor();
  await context.close();
});

it('asks to sign in again when the session has ended, and comes back to the same page', async () => {
  const { context, page, problems } = await person(browser, server.url, 'ann');
  await page.goto(`${server.url}/projects/${project}`);
  await page.getByRole('heading', { name: 'Letters' }).waitFor();
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  await fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie, 'x-concord': '1' } });
  // The page may hear of it before the click does.
  await page
    .getByRole('link', { name: 'Label', exact: true })
    .click({ timeout: 3_000 })
    .catch(() => {});
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.getByLabel('Name').fill('ann');
  await page.getByLabel('Password').fill('correct-horse-1');
  await page.keyboard.press('Enter');
  const open = page.getByTestId('asset-text').getByText('still open');
  await open
    .or(page.getByRole('heading', { name: 'Letters' }))
    .first()
    .waitFor();
  expect([`/label/${project}`, `/projects/${project}`]).toContain(new URL(page.url()).pathname);
  expect(problems).toEqual([]);
  await context.close();
});

it('keeps the tab one is on in sight on a phone', async () => {
  const { page } = lead;
  await page.setViewportSize(sizes[1]);
  await page.goto(`${server.url}/projects/${project}/settings`);
  const tab = page.getByRole('navigation', { name: 'Project' }).getByRole('link', { name: 'Settings' });
  await tab.waitFor();
  await expect
    .poll(async () => {
      const box = (await tab.boundingBox())!;
      return box.x >= 0 && box.x + box.width <= sizes[1].width;
    })
    .toBe(true);
});
