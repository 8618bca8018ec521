/**
 * Concord and Label Studio side by side in one run, on this machine, each as its makers start it.
 *
 *   npx tsx load-tests/src/versus-label-studio.ts --label-studio PATH/bin/label-studio [--rows 100000] [--projects 24] [--only Concord]
 *
 * Prints one JSON document: machine, versions, seed, and each figure with its spread. Ratios are Label Studio / Concord.
 */
import { parseArgs } from 'node:util';
import { browserFigures } from './browser.ts';
import { texts } from './data.ts';
import { inParallel, machine, residentMb, round, spread, timeMs } from './measure.ts';
import { startConcord } from './peers/concord.ts';
import { labelStudioAccount, startLabelStudio } from './peers/label-studio.ts';
import type { Peer } from './peers/peer.ts';

const { values: options } = parseArgs({
  options: {
    'label-studio': { type: 'string' },
    rows: { type: 'string', default: '100000' },
    projects: { type: 'string', default: '24' },
    only: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const rows = Number(options.rows);
const lanes = 16;
const seed = 7300;

async function sample(n: number, work: (i: number) => Promise<unknown>): Promise<ReturnType<typeof spread>> {
  const times: number[] = [];
  for (let i = 0; i < n; i++) times.push(await timeMs(() => work(i)));
  return spread(times);
}

async function measure(peer: Peer): Promise<Record<string, unknown>> {
  const say = (what: string) => console.error(`${peer.name}: ${what}`);
  const figures: Record<string, unknown> = {};
  await new Promise((done) => setTimeout(done, 5000));
  figures['idle memory, MB'] = residentMb(peer.pid);

  say('import');
  const plain = await peer.createProject('plain');
  figures[`import ${rows} texts, s`] = round(
    (await timeMs(() => peer.importTexts(plain, texts(rows, seed, 'plain')))) / 1000,
  );
  const labelled = await peer.createProject('labelled');
  figures[`import ${rows} labelled texts, s`] = round(
    (await timeMs(() => peer.importLabelled(labelled, texts(rows, seed + 1, 'labelled')))) / 1000,
  );

  say('reads');
  figures['one more task, ms'] = await sample(20, (i) => peer.addOne(plain, `one more ${i}`));
  figures['list page 1, ms'] = await sample(20, () => peer.listPage(plain, 1));
  figures['list page 300, ms'] = await sample(20, () => peer.listPage(plain, 300));
  figures['next task, ms'] = await sample(20, () => peer.nextTask(plain, 0));

  say('submissions');
  const ids = await peer.taskIds(plain, peer.name === 'Concord' ? 20_000 : 600);
  const warm = Math.min(200, Math.floor(ids.length / 10));
  await inParallel(warm, lanes, (i, lane) => peer.submit(plain, ids[i]!, lane));
  const rest = ids.slice(warm);
  const from = performance.now();
  const times = await inParallel(rest.length, lanes, (i, lane) => peer.submit(plain, rest[i]!, lane));
  figures['submissions per s, 16 clients'] = round(rest.length / ((performance.now() - from) / 1000));
  figures['submission, ms'] = spread(times);

  say('export');
  const before = residentMb(peer.pid);
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMb(peer.pid));
  }, 100);
  let bytes = 0;
  figures[`export ${rows} labelled tasks as JSON, s`] = round(
    (await timeMs(async () => (bytes = await peer.exportJson(labelled)))) / 1000,
  );
  clearInterval(watch);
  figures['export: memory above before, MB'] = peak - before;
  figures['export: size, MB'] = round(bytes / 1e6);

  say('page');
  figures['page'] = await browserFigures(peer, plain, options.chromium!, labelStudioAccount);

  say('many projects');
  for (let i = 2; i < Number(options.projects); i++) {
    const project = await peer.createProject(`project ${i}`);
    await peer.importTexts(project, texts(Math.round((rows * 5.66 - 2 * rows) / 22), seed + i, `p${i}`));
  }
  figures[`project list at ${options.projects} projects, ms`] = await sample(20, () => peer.listProjects());
  return figures;
}

const result: Record<string, unknown> = { machine, seed, rows, at: new Date().toISOString() };
for (const name of ['Concord', 'Label Studio']) {
  if (options.only !== undefined && options.only !== name) continue;
  if (name === 'Label Studio' && options['label-studio'] === undefined) {
    console.error(
      'Label Studio not measured: give --label-studio PATH (pip install label-studio==1.23.2 in an environment of its own).',
    );
    continue;
  }
  const peer =
    name === 'Concord' ? await startConcord(lanes) : await startLabelStudio(options['label-studio']!, lanes);
  try {
    result[name] = { version: peer.version, ...(await measure(peer)) };
  } finally {
    await peer.stop();
  }
}
console.log(JSON.stringify(result, null, 2));
