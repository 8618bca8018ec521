import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WireEntry } from '@concord/core/rooms/op';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWorld, type ConcordBuild, type ConcordWorld } from './concord-world.ts';
import { type Crowd, gather } from './crowd.ts';
import { type LoadFigures, runLoad } from './load.ts';
import { createMeter } from './meter.ts';
import { authorName, createShapes, LAST_BEFORE_LOAD, regionName } from './ops.ts';
import { root, workFolder } from './places.ts';
import { concordSubject, type Running } from './subjects.ts';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const fromSources = (script: string) => ['--import', tsx, join(root, 'server/src', script)];
const build: ConcordBuild = { server: fromSources('main.ts'), cli: fromSources('cli/main.ts') };

const ROOMS = 2;
const PEOPLE = 3;
const SEED = 5;

/** Entries of one layer, as a frame brings them. */
interface Part {
  readonly layer: string;
  readonly from: number;
  readonly entries: readonly WireEntry[];
}
/** Version 1 of the protocol sends one layer in a frame, later ones several. */
const partsOf = (json: string): readonly Part[] => {
  const [, message] = JSON.parse(json) as [string, Part | { readonly batch: readonly Part[] }];
  return 'batch' in message ? message.batch : [message];
};

let world: ConcordWorld;
beforeAll(async () => {
  world = await buildWorld(build, { users: ROOMS * PEOPLE, tasks: ROOMS, people: PEOPLE });
});
afterAll(() => rmSync(workFolder, { recursive: true, force: true, maxRetries: 5 }));

describe.each([1, 2] as const)('the bench of the live rooms, with Concord and protocol %i', (protocol) => {
  let running: Running;
  let crowd: Crowd;
  let heard: Map<number, Part[]>;
  beforeAll(async () => {
    heard = new Map();
    const onOps = (receiver: number, json: string) =>
      heard.set(receiver, [...(heard.get(receiver) ?? []), ...partsOf(json)]);
    const subject = concordSubject({ build, world: async () => world, protocol, seed: SEED, onOps });
    running = await subject.start({ rooms: ROOMS, objects: 0, boxes: 1 });
    crowd = await gather(running.driver, ROOMS, PEOPLE);
    await running.driver.begin(crowd.lines);
  });
  afterAll(async () => {
    crowd.close();
    await running.stop();
  });

  const load = (amount: Parameters<typeof runLoad>[2]['amount'], measureMs: number): Promise<LoadFigures> => {
    const meter = createMeter(running.pids);
    const times = { warmupMs: 100, measureMs, gapMs: 5, seed: SEED };
    return runLoad(crowd, running.driver, { lane: 'ops', amount, ...times }, meter);
  };

  /** What this receiver was shown of this author's load, in the order it came. */
  function shown(receiver: number, author: number): readonly WireEntry[] {
    const layer = world.users[author]!.id;
    const parts = (heard.get(receiver) ?? []).filter((part) => part.layer === layer);
    parts.forEach((part, i) => {
      if (i > 0) expect(part.from).toBe(parts[i - 1]!.entries.at(-1)!.lseq);
      expect(part.entries.map(({ lseq }) => lseq)).toEqual(part.entries.map((_, j) => part.from + 1 + j));
    });
    return parts.flatMap((part) => part.entries).filter((entry) => entry.n > LAST_BEFORE_LOAD);
  }

  it('[RM2, RM23] counts ops that everybody in the room got: all, once, in order, as they were sent', async () => {
    const saturated = await load({ kind: 'saturate', until: 'acked', window: 8 }, 1200);
    const calm = await load({ kind: 'fixed', opsPerSecond: 200 }, 700);
    expect(saturated.acks).toBeGreaterThan(0);
    expect(saturated.opsPerMessage).toBeGreaterThan(1);
    expect(calm.acks).toBeGreaterThan(0);
    expect(calm.leftOut).toBe(0);

    const shapeOf = createShapes(SEED);
    for (let author = 0; author < ROOMS * PEOPLE; author++) {
      const sent = crowd.sent[author]!;
      expect(sent).toBeGreaterThan(LAST_BEFORE_LOAD + 8);
      const expected = Array.from({ length: sent - LAST_BEFORE_LOAD }, (_, i) => {
        const n = LAST_BEFORE_LOAD + 1 + i;
        const op = { t: 'update', id: regionName(author), set: { shape: JSON.parse(shapeOf(n)) as object } };
        return { by: world.users[author]!.id, client: authorName(author), n, op };
      });
      const room = Math.floor(author / PEOPLE);
      for (let place = 0; place < PEOPLE; place++) {
        const got = shown(room * PEOPLE + place, author);
        expect(got.map(({ by, client, n, op }) => ({ by, client, n, op }))).toEqual(expected);
      }
      for (let receiver = 0; receiver < ROOMS * PEOPLE; receiver++)
        if (Math.floor(receiver / PEOPLE) !== room) expect(shown(receiver, author)).toEqual([]);
    }
  });

  it('stops with the server’s own words when somebody may not enter', async () => {
    const silent = { acked() {}, delivered() {}, failed() {} };
    await expect(running.driver.enter({ author: 0, room: ROOMS }, silent)).rejects.toThrow(
      /bench-000000 may not enter: .*input\.invalid/,
    );
  });
});
