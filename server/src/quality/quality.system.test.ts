import { krippendorffAlpha } from '@concord/core/agreement/alpha';
import { fleissKappa, gwetAc1, tableOf } from '@concord/core/agreement/many-raters';
import { cohenKappa } from '@concord/core/agreement/two-raters';
import type { AnnotatorFigures, PairAgreements, ProjectQuality } from '@concord/core/protocol/resources';
import type { Annotation } from '@concord/core/records/annotation';
import type { Task } from '@concord/core/records/task';
import { annotateAsBot } from '@concord/core/testing/annotator-bot';
import { seededRandom } from '@concord/core/testing/fixtures';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const ITEMS = 12;
const SKILLS = [0.95, 0.8, 0.6];

it('what the server counted label by label equals a batch computation over the submissions that stand', async () => {
  const project = await server.createProject({
    name: 'Figures',
    visibility: 'blind',
    rules: {
      overlap: { min: 3, max: 4 },
      minAgreement: 1,
      minConfidence: 0.5,
      consensus: 'majority',
      leaseMs: 600_000,
    },
  });
  const modality = server.platform.modalities.get(project.schema.modality)!;
  const tasks: Task[] = [];
  for (let i = 0; i < ITEMS; i++)
    tasks.push(
      (
        await server.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, {
          data: { text: `letter ${i}` },
        })
      ).task,
    );
  const people = await Promise.all(
    SKILLS.map(async (skill, n) => ({ skill, ...(await server.addUser(`bot-${n}`, 'annotator')) })),
  );

  const random = seededRandom(1979);
  const said: (string | null)[][] = people.map(() => new Array(ITEMS).fill(null));
  const leads = people.map(() => 0);
  const submit = async (n: number, i: number) => {
    const { skill, key } = people[n]!;
    const truth: Annotation = { regions: [], answers: { label: i % 3 === 0 ? 'spam' : 'ham' } };
    const asset = { data: { text: `letter ${i}` } };
    const answer = annotateAsBot({ skill }, { modality, schema: project.schema, asset, truth }, random);
    await server.as(key).post(`/tasks/${tasks[i]!.id}/submissions`, answer);
    said[n]![i] = modality.category(answer.annotation);
    return answer.leadTimeMs;
  };
  // The first two label everything, change their minds on the first items, and only then the third comes.
  for (let i = 0; i < ITEMS; i++) for (const n of [0, 1]) leads[n]! += await submit(n, i);
  for (let i = 0; i < 4; i++) await submit(1, i);
  for (let i = 0; i < ITEMS; i++) leads[2]! += await submit(2, i);

  const live = await server.api.get<ProjectQuality>(`/projects/${project.id}/agreement`);
  const labels = ['spam', 'ham'];
  const table = tableOf(said, labels);
  expect(live.alpha).toBeCloseTo(krippendorffAlpha(said, labels, 'nominal').alpha!, 9);
  expect(live.fleiss).toBeCloseTo(fleissKappa(table).kappa!, 9);
  expect(live.ac1).toBeCloseTo(gwetAc1(table).ac1!, 9);
  expect(live.itemAgreement).toBeCloseTo(fleissKappa(table).pBar!, 5);
  expect(live.items).toBe(ITEMS);
  const pairs = await server.api.get<PairAgreements>(`/projects/${project.id}/agreement/pairs?limit=2`);
  const kappa = (a: number, b: number) => cohenKappa(said[a]!, said[b]!, labels, 'none').kappa!;
  const lowest = [kappa(0, 1), kappa(0, 2), kappa(1, 2)].sort((x, y) => x - y);
  expect(pairs).toMatchObject({ total: 3, items: [{ items: ITEMS }, { items: ITEMS }] });
  for (const [i, pair] of pairs.items.entries()) expect(pair.kappa).toBeCloseTo(lowest[i]!, 9);
  const unanimous = table.filter((counts) => Math.max(...counts) === 3);
  expect(live.classes).toEqual(
    labels.map((name, c) => ({
      name,
      votes: said.flat().filter((label) => label === name).length,
      final: unanimous.filter((counts) => counts[c] === 3).length,
    })),
  );

  const { items } = await server.api.get<{ items: AnnotatorFigures[] }>(`/projects/${project.id}/annotators`);
  const best = items.find((one) => one.user.name === 'bot-0')!;
  // Only unanimous items are settled, so everybody was right on each of them.
  expect(best).toMatchObject({
    submissions: ITEMS,
    settled: unanimous.length,
    right: unanimous.length,
    meanLeadTimeMs: leads[0]! / ITEMS,
  });
  expect(best.lastAt).not.toBeNull();
});
