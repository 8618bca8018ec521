// `npx tsx load-tests/src/bench-agreement.ts [labels] [runs]`: what one more label costs when agreement moves with it, beside
// computing the same figures anew. Prints one JSON object. The two must agree to the last bit, or it fails.
import { createAgreementStream } from '@concord/core/agreement/agreement-stream';
import { readNominal, tallyRatings } from '@concord/core/agreement/nominal-buckets';
import { noVotes, qualityDelta } from '@concord/core/agreement/project-quality';
import { seededRandom } from '@concord/core/testing/fixtures';
import { machine, round } from './measure.ts';

const SEED = 20_260_101;
const K = 4;
const RATERS_PER_ITEM = 5;
const labels = Number(process.argv[2] ?? 1_000_000);
const runs = Number(process.argv[3] ?? 5);
const items = Math.ceil(labels / RATERS_PER_ITEM);

interface Ratings {
  readonly item: Int32Array;
  readonly annotator: Int32Array;
  readonly label: Int32Array;
}

/** Made-up ratings in random order: right in 8 of 10 cases, else any label; 100 annotators. */
function makeRatings(): Ratings {
  const random = seededRandom(SEED);
  const truth = Int32Array.from({ length: items }, () => Math.floor(random() * K));
  const order = Int32Array.from({ length: labels }, (_, i) => i);
  for (let i = labels - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const item = order.map((n) => n % items);
  const label = item.map((i) => (random() < 0.8 ? truth[i]! : Math.floor(random() * K)));
  // The n-th rating of an item comes from another fifth of the annotators, so that nobody rates an item twice.
  const annotator = order.map((n) => Math.floor(n / items) * 20 + Math.floor(random() * 20));
  return { item, annotator, label };
}

function time<T>(work: () => T): { ms: number; value: T } {
  const from = performance.now();
  const value = work();
  return { ms: performance.now() - from, value };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const summary = (ms: readonly number[]) => ({
  min: round(Math.min(...ms)),
  median: round(median(ms)),
  max: round(Math.max(...ms)),
});

const ratings = makeRatings();
const batch: number[] = [];
const stream: number[] = [];
const streamRead: number[] = [];
const edits: number[] = [];
let figures = '';

for (let run = 0; run < runs; run++) {
  const computed = time(() => readNominal(tallyRatings(ratings.item, ratings.label, items, K)));
  batch.push(computed.ms);

  const live = createAgreementStream({ k: K });
  const filled = time(() => {
    for (let i = 0; i < labels; i++) live.set(ratings.item[i]!, ratings.annotator[i]!, ratings.label[i]!);
  });
  stream.push(filled.ms);

  // With everything held: change a label, and read alpha, Fleiss, AC1 and the item's majority after each change.
  const changes = Math.min(labels, 200_000);
  let seen = 0;
  const edited = time(() => {
    for (let i = 0; i < changes; i++) {
      const item = ratings.item[i]!;
      live.set(item, ratings.annotator[i]!, (ratings.label[i]! + 1) % K);
      seen += (live.nominal().alpha ?? 0) + (live.majority(item) ?? 0);
    }
  });
  edits.push((edited.ms * 1000) / changes);
  if (!Number.isFinite(seen)) throw new Error('a figure was not a number');

  // Back to the ratings as they were, which must give the batch figures to the last bit.
  for (let i = 0; i < changes; i++) live.set(ratings.item[i]!, ratings.annotator[i]!, ratings.label[i]!);
  const reads = time(() => {
    for (let i = 0; i < 10_000; i++) live.nominal();
  });
  streamRead.push(reads.ms / 10);
  figures = JSON.stringify(live.nominal());
  if (figures !== JSON.stringify(computed.value))
    throw new Error(`stream and batch differ:\n${figures}\n${JSON.stringify(computed.value)}`);
}

/** What the server computes at a submission: the counters of an item going from four to five votes. */
const category = (i: number) => `class-${i % K}`;
const votes = Array.from({ length: RATERS_PER_ITEM }, (_, i) => ({
  userId: `usr_${i}`,
  category: category(i),
  classes: { [category(i)]: 1 },
}));
const before = { votes: votes.slice(0, -1), agreement: 0.5 };
const after = { votes, agreement: 0.6 };
const deltas = time(() => {
  for (let i = 0; i < 20_000; i++) qualityDelta(i % 2 === 0 ? before : noVotes, after);
});

const batchMs = summary(batch);
const editUs = summary(edits);
process.stdout.write(
  `${JSON.stringify(
    {
      what: 'agreement after one more label (Krippendorff alpha, Fleiss, AC1, majority)',
      machine,
      node: process.version,
      seed: SEED,
      labels,
      items,
      classes: K,
      runs,
      batchMs,
      streamAllMs: summary(stream),
      changeAndReadUs: editUs,
      readUs: summary(streamRead),
      counterDeltaUs: round((deltas.ms * 1000) / 20_000),
      timesFasterThanBatch: Math.round((batchMs.median * 1000) / editUs.median),
      figures: JSON.parse(figures) as unknown,
    },
    null,
    1,
  )}\n`,
);
