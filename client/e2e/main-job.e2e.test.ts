import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, person } from './browser.ts';
import { type BuiltServer, startBuiltServer } from './built-server.ts';

let server: BuiltServer;
let browser: Browser;
beforeAll(async () => {
  server = await startBuiltServer();
  browser = await launch();
  for (const [name, role] of [
    ['ann', 'annotator'],
    ['ben', 'annotator'],
    ['eve', 'super-reviewer'],
  ]) {
    await server.api('POST', '/users', { name, role, password: 'correct-horse-1' });
  }
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it('goes from a file through two blind annotators and a super-reviewer to an exported version', async () => {
  const project = await server.api<{ id: string }>('POST', '/projects', {
    name: 'Letters',
    schema: {
      modality: 'text-classification',
      classes: [
        { name: 'spam', color: '#dc2626' },
        { name: 'ham', color: '#16a34a' },
      ],
    },
    rules: {
      overlap: { min: 2, max: 2 },
      minAgreement: 0.6,
      minConfidence: 0.6,
      consensus: 'majority',
      leaseMs: 600_000,
    },
  });
  const [lead, ann, ben, eve] = await Promise.all(
    ['chief', 'ann', 'ben', 'eve'].map((name) => person(browser, server.url, name)),
  );

  await lead!.page.goto(`${server.url}/projects/${project.id}/import`);
  await lead!.page.setInputFiles('input[type=file]', {
    name: 'letters.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('text,source\n"win, a prize",a\nsee you at noon,b\n,c\n'),
  });
  await lead!.page.getByRole('button', { name: 'Import', exact: true }).click();
  await lead!.page.getByText('2 new · 0 there already · 0 with labels · 1 refused').waitFor();

  await eve!.page.goto(`${server.url}/disputes`);
  await eve!.page.getByText('Nothing is disputed').waitFor();

  // Both label both tasks at the same time; they agree on the second and not on the first.
  async function label(who: typeof ann, first: string, second: string): Promise<void> {
    await who!.page.goto(`${server.url}/label/${project.id}`);
    for (const text of ['win, a prize', 'see you at noon']) {
      await who!.page.getByTestId('asset-text').getByText(text).waitFor();
      await who!.page.keyboard.press(text.startsWith('win') ? first : second);
      await who!.page.keyboard.press('Control+Enter');
    }
    await who!.page.getByText('Nothing waits for you here').waitFor();
  }
  await Promise.all([label(ann, '1', '2'), label(ben, '2', '2')]);

  // The dispute appears by itself.
  await eve!.page.getByTestId('disputes').getByText('win, a prize').click({ timeout: 5000 });
  await eve!.page.getByTestId('answers').getByText('1 of 2 say this').first().waitFor();
  await eve!.page.getByRole('button', { name: 'Start from this' }).first().click();
  await eve!.page.getByTestId('decision-reason').fill('It offers a prize to strangers.');
  await eve!.page.getByTestId('settle').click();
  await eve!.page.getByText('Nothing is disputed').waitFor();

  await lead!.page.goto(`${server.url}/projects/${project.id}/datasets`);
  await expect
    .poll(
      async () => (await server.api<{ items: { records: number }[] }>('GET', '/datasets')).items[0]?.records,
      { timeout: 15_000 },
    )
    .toBe(2);
  await lead!.page.getByTestId('commits').getByText('2 records').waitFor();
  const lines = (
    await (
      await fetch(`${server.url}/api/v1/datasets/${project.id}/export?format=jsonl`, {
        headers: { cookie: server.cookie },
      })
    ).text()
  )
    .trim()
    .split('\n');
  const records = lines.map(
    (line) =>
      JSON.parse(line) as {
        asset: { data: { text: string } };
        settledBy: { kind: string; reason: string };
        contributions: { name: string; annotation: { answers: { label: string } } }[];
      },
  );
  const prize = records.find((r) => r.asset.data.text === 'win, a prize')!;
  expect(prize.settledBy).toMatchObject({ kind: 'decision', reason: 'It offers a prize to strangers.' });
  expect(Object.fromEntries(prize.contributions.map((c) => [c.name, c.annotation.answers.label]))).toEqual({
    ann: 'spam',
    ben: 'ham',
  });
  expect(records.find((r) => r !== prize)!.settledBy.kind).toBe('consensus');
  const parquet = Buffer.from(
    await (
      await fetch(`${server.url}/api/v1/datasets/${project.id}/export?format=parquet`, {
        headers: { cookie: server.cookie },
      })
    ).arrayBuffer(),
  );
  expect(parquet.subarray(0, 4).toString()).toBe('PAR1');
  expect(parquet.subarray(-4).toString()).toBe('PAR1');
  expect([lead, ann, ben, eve].flatMap((p) => p!.problems)).toEqual([]);
});

it('keeps what was done offline through a reload and a kill -9 of the server', async () => {
  const project = await server.api<{ id: string }>('POST', '/projects', {
    name: 'Offline',
    schema: {
      modality: 'text-classification',
      classes: [
        { name: 'spam', color: '#dc2626' },
        { name: 'ham', color: '#16a34a' },
      ],
    },
    rules: {
      overlap: { min: 1, max: 1 },
      minAgreement: 0,
      minConfidence: 0.5,
      consensus: 'majority',
      leaseMs: 600_000,
    },
  });
  await server.api('POST', `/projects/${project.id}/tasks`, { data: { text: 'one letter' } });
  const { context, page, problems } = await person(browser, server.url, 'ann');
  await page.goto(`${server.url}/label/${project.id}`);
  await page.getByTestId('asset-text').getByText('one letter').waitFor();
  await context.setOffline(true);
  await server.crashAndRestart();
  await page.keyboard.press('1');
  await page.locator('[data-testid="save-state"][data-state="offline"]').waitFor({ timeout: 30_000 });
  await context.setOffline(false);
  await page.locator('[data-testid="save-state"][data-state="saved"]').waitFor({ timeout: 30_000 });
  await page.reload();
  await page.getByTestId('asset-text').getByText('one letter').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Nothing waits for you here').waitFor();
  const { items } = await server.api<{ items: { state: string; answer: string }[] }>(
    'GET',
    `/projects/${project.id}/tasks`,
  );
  expect(items[0]).toMatchObject({ state: 'finalized', answer: 'spam' });
  expect(problems).toEqual([]);
});
