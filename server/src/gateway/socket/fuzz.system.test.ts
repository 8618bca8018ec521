import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { JoinReply, LayerEntries, OpsReply } from '@concord/core/protocol/rooms';
import type { Project } from '@concord/core/records/project';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostileFrames, type Targets } from '../../testing/hostile-frames.ts';
import { openRawSocket, type RawSocket } from '../../testing/raw-socket.ts';
import { connectPerson, type RoomPerson } from '../../testing/room-person.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { enginesHere } from '../engine/index.ts';

/** Another one finds other things; one that failed is worth a test of its own. */
const SEED = 20_261_125;
const MiB = 1024 * 1024;
const roundMs = 4_000;
const secret = 'the-secret-of-the-blind';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
async function heapInUse(): Promise<number> {
  await sleep(100);
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

async function taskIn(server: TestServer, visibility: Project['visibility']) {
  const project = await server.createProject({
    name: `Fuzz ${visibility}`,
    visibility,
    schema: {
      version: 1,
      modality: 'text-classification',
      classes: [
        { name: 'spam', color: '#d97706' },
        { name: 'ham', color: '#2563eb' },
      ],
      reason: { ask: true, required: false, prompt: 'why' },
    },
    rules: {
      overlap: { min: 9, max: 9 },
      minAgreement: 0.5,
      minConfidence: 0.5,
      consensus: 'majority',
      leaseMs: 600_000,
    },
  });
  const add = async (text: string) =>
    (await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, { data: { text } }))
      .task.id;
  return { project: project.id, task: await add('a letter'), spare: await add('another') };
}

/** Somebody who labels all the time and checks what they get. */
async function labelHonestly(server: TestServer, task: string) {
  const person = await connectPerson(server);
  const client = `client-${person.user.id.slice(4, 16)}`;
  const joined = await person.ask<JoinReply>('room:join', { task, mode: 'annotate', client });
  if (!joined.ok) throw new Error(joined.problem.detail);
  let n = 0;
  let stopped = false;
  const work = (async () => {
    while (!stopped) {
      n += 1;
      const set = { label: n % 2 === 0 ? 'spam' : 'ham', reason: `${secret}-${n}` };
      const ops = [{ n, layer: person.user.id, op: { t: 'classify', set } }];
      expect(await person.ask<OpsReply>('room:ops', { task, client, ops })).toEqual({
        ok: true,
        acked: [{ n, lseq: n }],
        refused: [],
      });
      await sleep(15);
    }
  })();
  return {
    person,
    client,
    async stop(): Promise<number> {
      stopped = true;
      await work;
      return n;
    },
    /** How far somebody's layer came to this one, without a gap. */
    heardOf(layer: string): number {
      let held = joined.layers.find((one) => one.layer === layer)?.lseq ?? 0;
      for (const [event, message] of person.heard) {
        if (event !== 'room:ops') continue;
        for (const one of (message as { batch: LayerEntries[] }).batch) {
          if (one.layer !== layer) continue;
          expect(one.from).toBe(held);
          held += one.entries.length;
        }
      }
      return held;
    },
  };
}

/** A connection that sends whatever comes, and is opened again when it is cut. */
function attack(server: TestServer, targets: Targets, seed: number) {
  const frames = fc.sample(hostileFrames(targets), { seed, numRuns: 900 });
  const auth = JSON.stringify({ token: targets.key, protocol: 2 });
  const seen = { frames: 0, answers: 0, cuts: 0, leaked: '' };
  let stopped = false;

  async function listen(raw: RawSocket): Promise<void> {
    for (;;) {
      const frame = await raw.next();
      seen.frames += 1;
      if (frame.startsWith('43')) seen.answers += 1;
      if (frame.includes(secret)) seen.leaked = frame;
    }
  }
  async function open(): Promise<RawSocket> {
    const raw = await openRawSocket(server.url);
    void listen(raw);
    raw.send(`40/rooms,${auth}`);
    raw.send(`40/live,${auth}`);
    await sleep(30);
    const join = { task: targets.tasks[0], mode: 'annotate', client: 'hostile-client' };
    raw.send(`42/rooms,${JSON.stringify(['room:join', join])}`);
    return raw;
  }
  const work = (async () => {
    let raw = await open();
    for (let i = 0; !stopped; i++) {
      if (raw.isClosed()) {
        seen.cuts += 1;
        raw = await open();
      }
      const frame = frames[i % frames.length]!;
      raw.send(frame);
      // Now and then the same again, at once.
      if (i % 10 === 0) raw.send(frame);
      await sleep(5);
    }
    raw.close();
  })();
  return {
    seen,
    async stop() {
      stopped = true;
      await work;
    },
  };
}

describe.each(enginesHere())('a server among hostile clients, on %s', (engine) => {
  test(`[PR6] [PR11] [PR12] seed ${SEED}: others lose nothing, learn nothing, notice nothing`, async () => {
    const server = await startTestServer({ engine });
    const broken: unknown[] = [];
    const note = (error: unknown) => broken.push(error);
    process.on('unhandledRejection', note);
    try {
      const [open, blind] = [await taskIn(server, 'open'), await taskIn(server, 'blind')];
      const pair = [await labelHonestly(server, open.task), await labelHonestly(server, open.task)] as const;
      const blindPair = [
        await labelHonestly(server, blind.task),
        await labelHonestly(server, blind.task),
      ] as const;
      const honest = [...pair, ...blindPair];
      const hostile: Pick<RoomPerson, 'user' | 'key'>[] = [
        await server.addUser('mallory', 'annotator'),
        await server.addUser('oscar', 'annotator'),
      ];
      const targetsOf = ({ user, key }: Pick<RoomPerson, 'user' | 'key'>): Targets => ({
        // The open room is not theirs to find: everybody who may enter it may change their own layer in it.
        tasks: [blind.task, blind.task, blind.spare, 'tsk_none'],
        layers: [...honest.map(({ person }) => person.user.id), 'consensus', 'mdl_a'],
        project: blind.project,
        self: user.id,
        key,
      });
      async function round(seed: number) {
        const attackers = hostile.flatMap((one, i) =>
          [0, 1].map((k) => attack(server, targetsOf(one), seed + 10 * i + k)),
        );
        await sleep(roundMs);
        await Promise.all(attackers.map((one) => one.stop()));
        return attackers.map(({ seen }) => seen);
      }
      const warm = await round(SEED);
      const before = await heapInUse();
      const seen = [...warm, ...(await round(SEED + 100))];
      const grown = (await heapInUse()) - before;

      expect(seen.map(({ leaked }) => leaked)).toEqual(seen.map(() => ''));
      // They were served, too: what was refused was refused with a word.
      expect(seen.reduce((sum, { answers }) => sum + answers, 0)).toBeGreaterThan(500);
      const counts = await Promise.all(honest.map((one) => one.stop()));
      for (const count of counts) expect(count).toBeGreaterThan(50);
      // The open pair has each other's layers, whole; the blind ones have their own.
      const [a, b] = pair;
      await expect.poll(() => a.heardOf(b.person.user.id), { timeout: 5_000 }).toBe(counts[1]);
      await expect.poll(() => b.heardOf(a.person.user.id), { timeout: 5_000 }).toBe(counts[0]);
      for (const [i, one] of blindPair.entries()) {
        await expect.poll(() => one.heardOf(one.person.user.id), { timeout: 5_000 }).toBe(counts[2 + i]);
        expect(one.heardOf(blindPair[1 - i]!.person.user.id)).toBe(0);
      }
      // Nobody else wrote to the other room, nor to anybody's layer.
      const authors = new Set(
        (await server.platform.store.log.read(open.task as never, 0)).map(({ by }) => by),
      );
      expect([...authors].filter((by) => by !== 'server').sort()).toEqual(
        pair.map(({ person }) => person.user.id).sort(),
      );
      for (const { by, layer } of await server.platform.store.log.read(blind.task as never, 0))
        expect(layer === by || by === 'server').toBe(true);
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toMatch(/concord_socket_refusals_total\{event="room:ops",code="input\.invalid"\} \d+/);
      expect(metrics).not.toMatch(/concord_socket_refusals_total\{[^}]*code="internal"/);
      expect(grown).toBeLessThan(24 * MiB);
      expect(broken).toEqual([]);
      for (const { person } of honest) person.socket.disconnect();
    } finally {
      process.off('unhandledRejection', note);
      await server.close();
    }
  });
});
