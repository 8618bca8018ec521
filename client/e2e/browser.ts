import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CONCORD_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: flags,
  });

/** A person in a browser of their own, signed in through the page. */
export async function person(
  browser: Browser,
  url: string,
  name: string,
): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error' && /Content Security Policy|Uncaught/.test(line.text()))
      problems.push(line.text());
  });
  await page.goto(`${url}/signin`);
  await page.getByLabel(/name/i).first().fill(name);
  await page
    .getByLabel(/password/i)
    .first()
    .fill('correct-horse-1');
  await page.keyboard.press('Enter');
  await page.waitForURL((to) => !to.pathname.startsWith('/signin'));
  return { context, page, problems };
}
