import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, person } from './browser.ts';
import { type BuiltServer, startBuiltServer } from './built-server.ts';

let server: BuiltServer;
let browser: Browser;
beforeAll(async () => {
  server = await startBuiltServer();
  browser = await launch();
  await server.api('POST', '/users', {
    name: 'ann',
    display: 'Ann Acheson',
    role: 'annotator',
    password: 'correct-horse-1',
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it('an administrator gives somebody a link for a new password; it signs them in and works once', async () => {
  const chief = await person(browser, server.url, 'chief');
  await chief.page.goto(`${server.url}/people`);
  await chief.page.getByRole('button', { name: 'Reset the password of Ann Acheson' }).click();
  const dialog = chief.page.getByRole('dialog', { name: 'A new password for Ann Acheson' });
  const link = await dialog.getByLabel('Link').inputValue();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });

  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await page.getByText('Ann Acheson').waitFor();
  await page.getByLabel('New password').fill('battery-staple-2');
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  await page.goto(link);
  await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  expect([...chief.problems]).toEqual([]);
  await context.close();
  await chief.context.close();
});

it('a person changes their own password in the account page', async () => {
  const { context, page, problems } = await person(browser, server.url, 'chief');
  await page.goto(`${server.url}/account`);
  const change = async (current: string) => {
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password').fill('a-better-horse-3');
    await page.getByRole('button', { name: 'Change password' }).click();
  };
  await change('not the right one');
  await page.getByText('is not right').waitFor();
  await change('correct-horse-1');
  await page.getByText('Your password was changed').waitFor();
  expect(await page.getByLabel('Current password').inputValue()).toBe('');
  await page.reload();
  await page.getByRole('heading', { name: 'Password' }).waitFor();
  const session = (body: object) =>
    fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'chief', ...body }),
    });
  expect((await session({ password: 'correct-horse-1' })).status).toBe(401);
  expect((await session({ password: 'a-better-horse-3' })).status).toBe(200);
  expect(problems).toEqual([]);

  await page.goto(`${server.url}/people`);
  await page.getByRole('button', { name: 'Make a link' }).click();
  const invite = await page.getByLabel('Invite link').inputValue();
  await page.getByRole('heading', { name: 'Open links' }).waitFor();
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByRole('heading', { name: 'Open links' }).waitFor({ state: 'detached' });
  await page.goto(invite);
  await page.getByRole('heading', { name: 'This invite no longer works' }).waitFor();
  await context.close();
});
