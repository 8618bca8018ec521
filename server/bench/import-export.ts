// `npx tsx server/bench/import-export.ts [rows]`: import, next, list and export on a real server in this process. Prints JSON.
import { startTestServer } from '../src/testing/server.ts';

const rows = Number(process.argv[2] ?? 100_000);
const server = await startTestServer();
const figures: Record<string, number> = {};
const seconds = async (name: string, work: () => Promise<unknown>) => {
  const from = performance.now();
  await work();
  figures[name] = Math.round(performance.now() - from) / 1000;
};
const rss = () => Math.round(process.memoryUsage().rss / 1e6);
const text = (i: number) =>
  `mail ${i}: meeting offer invoice free agenda prize report click budget winner schedule discount minutes urgent project account review`;
const rules = (min: number) => ({
  overlap: { min, max: min + 1 },
  minAgreement: 0.5,
  minConfidence: 0.5,
  consensus: 'majority' as const,
  leaseMs: 600_000,
});
type Job = { added: number; errorCount: number; status: string; failure: string | null };

/** Lateness of a 10 ms timer: how long rooms would have waited. */
let late = 0;
let due = performance.now() + 10;
const watch = setInterval(() => {
  late = Math.max(late, performance.now() - due);
  due = performance.now() + 10;
}, 10);

async function upload(name: string, file: string, lines: string, min = 2): Promise<string> {
  const project = await server.createProject({ name, rules: rules(min) });
  const bytes = Buffer.from(lines);
  late = 0;
  await seconds(`import ${name}, s`, async () => {
    const job = await server.api.upload<Job>(
      `/projects/${project.id}/imports?name=${file}&wait=true`,
      bytes as Uint8Array<ArrayBuffer>,
    );
    if (job.added !== rows || job.errorCount > 0) throw new Error(JSON.stringify(job).slice(0, 400));
  });
  figures[`${name}: longest pause, ms`] = Math.round(late);
  figures[`${name}: rss, MB`] = rss();
  return project.id;
}
const some = Array.from({ length: rows }, (_, i) => i);
const labelled = (i: number) => ({
  data: { text: `l ${text(i)}` },
  annotations: [
    {
      completed_by: 1 + (i % 3),
      result: [{ from_name: 'l', to_name: 't', type: 'choices', value: { choices: ['spam'] } }],
    },
  ],
});
const plain = await upload('jsonl', 'a.jsonl', some.map((i) => JSON.stringify({ text: text(i) })).join('\n'));
await upload('csv', 'a.csv', `text,n\n${some.map((i) => `"c ${text(i)}",${i}`).join('\n')}`);
await upload('json', 'a.json', JSON.stringify(some.map((i) => ({ text: `j ${text(i)}` }))));
const lab = await upload('labelled jsonl', 'l.jsonl', some.map((i) => JSON.stringify(labelled(i))).join('\n'));
await upload('labelled json', 'l.json', JSON.stringify(some.map(labelled)));
await upload('labelled and settled', 's.json', JSON.stringify(some.map(labelled)), 1);

const { key } = await server.addUser('bench', 'annotator');
const client = server.as(key);
const ms = async (name: string, n: number, work: (i: number) => Promise<unknown>) => {
  const times: number[] = [];
  for (let i = 0; i < n; i += 1) {
    const from = performance.now();
    await work(i);
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  figures[`${name}, ms p50`] = Math.round(times[n >> 1]! * 100) / 100;
  figures[`${name}, ms max`] = Math.round(times.at(-1)! * 100) / 100;
};
type Next = { task: { id: string } };
let held: string | undefined;
await ms('next', 50, async () => {
  const { task } = await client.post<Next>(`/projects/${plain}/next`, held === undefined ? {} : { not: held });
  await client.post(`/tasks/${task.id}/release`);
  held = task.id;
});
await ms('list page 1', 30, () => client.get(`/projects/${plain}/tasks?limit=30`));
await ms('list page 300', 30, () => client.get(`/projects/${plain}/tasks?limit=30&from=9000`));
await ms('one more task', 30, (i) => server.api.post(`/projects/${plain}/tasks`, { data: { text: `more ${i}` } }));
for (const format of ['json', 'label-studio']) {
  const before = rss();
  let peak = before;
  await seconds(`export ${format}, s`, async () => {
    const response = await server.api.raw('GET', `/projects/${lab}/export?format=${format}`);
    let size = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      peak = Math.max(peak, rss());
    }
    figures[`export ${format}, MB`] = Math.round(size / 1e6);
  });
  figures[`export ${format}: memory above before, MB`] = peak - before;
}
clearInterval(watch);
await server.close();
console.log(JSON.stringify(figures, null, 1));
