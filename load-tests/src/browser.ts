import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { round, spread } from './measure.ts';
import type { Peer } from './peers/peer.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Account {
  readonly name: string;
  readonly password: string;
}

/** How each peer's labelling page is opened, told to be ready, and submitted. */
const pages = {
  Concord: {
    async signIn(context: BrowserContext, peer: Peer) {
      const key = (peer as Peer & { laneKeys: readonly string[] }).laneKeys[1]!;
      await context.setExtraHTTPHeaders({ authorization: `Bearer ${key}` });
    },
    path: (project: string) => `/label/${project}`,
    ready: '[data-testid="submit"]:not([disabled])',
    text: '[data-testid="asset-text"]',
  },
  'Label Studio': {
    async signIn(context: BrowserContext, peer: Peer, account: Account) {
      const page = await context.newPage();
      await page.goto(`${peer.url}/user/login/`);
      await page.fill('#email', account.name);
      await page.fill('#password', account.password);
      await page.click('button[type=submit]');
      await page.waitForURL((url) => !url.pathname.includes('login'));
      await page.close();
    },
    path: (project: string) => `/projects/${project}/data?labeling=1`,
    ready: 'button[aria-label="Submit current annotation"], button:has-text("Submit")',
    text: '.lsf-object, [class*="lsf-main-content"]',
  },
} as const;

/** Both take 1 for the first class and Ctrl+Enter to submit. */
const submissions = 10;

/** Milliseconds from the submitting key to another text on the stage. */
async function submitToNext(page: Page, text: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < submissions; i++) {
    await page.keyboard.press('1');
    // A person looks before they submit; what the choice sets off is not part of the figure.
    await page.waitForTimeout(400);
    const before = await page.locator(text).first().textContent();
    const from = performance.now();
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(
      ([selector, old]) => {
        const now = document.querySelector(selector!)?.textContent ?? '';
        return now.trim() !== '' && now !== old;
      },
      [text, before],
      { polling: 'raf', timeout: 30_000 },
    );
    times.push(performance.now() - from);
    await page.waitForTimeout(300);
  }
  return times;
}

/** The labelling page with an empty cache: milliseconds until its submit button and text stand, and the script bytes sent. */
export async function browserFigures(
  peer: Peer,
  project: string,
  executablePath: string,
  account: Account,
): Promise<Record<string, unknown>> {
  const how = pages[peer.name as keyof typeof pages];
  const browser = await chromium.launch({ executablePath, args: flags });
  const interactive: number[] = [];
  let scriptBytes = 0;
  let next: number[] = [];
  try {
    for (let run = 0; run < 5; run++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
      await how.signIn(context, peer, account);
      const page = await context.newPage();
      const client = await context.newCDPSession(page);
      await client.send('Network.enable');
      const scripts = new Set<string>();
      let bytes = 0;
      client.on('Network.responseReceived', (e) => {
        if (e.type === 'Script') scripts.add(e.requestId);
      });
      client.on('Network.loadingFinished', (e) => {
        if (scripts.has(e.requestId)) bytes += e.encodedDataLength;
      });
      const from = performance.now();
      await page.goto(`${peer.url}${how.path(project)}`, { waitUntil: 'commit' });
      await page.waitForSelector(how.ready, { timeout: 60_000 });
      await page.waitForSelector(how.text, { timeout: 60_000 });
      interactive.push(performance.now() - from);
      await page.waitForTimeout(1000);
      scriptBytes = Math.max(scriptBytes, bytes);
      if (run === 4) next = await submitToNext(page, how.text);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return {
    'interactive, ms': spread(interactive),
    'JavaScript sent, MB': round(scriptBytes / 1e6),
    'submit to the next task on screen, ms': spread(next),
  };
}
