import { isDeepStrictEqual as same } from 'node:util';
import type { Submission } from '@concord/core/records/submission';
import type { User } from '@concord/core/records/user';
import { applyAll, emptyRoom } from '@concord/core/rooms/apply';
import { type Viewer, visibleLayers } from '@concord/core/rooms/visibility';
import { standingClaims } from '@concord/core/workflow/queue';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus } from '@concord/platform/ports/bus';
import { checkCounters } from './invariants-counters.ts';
import { checkDataset } from './invariants-dataset.ts';
import { checkLog, checkSettled } from './invariants-log.ts';
import { checkExposed } from './invariants-nodes.ts';
import { othersWork } from './link.ts';
import type { ServerLife } from './server-life.ts';
import type { SimWorld, TaskHistory } from './sim-world.ts';

export interface Found {
  readonly broken: readonly string[];
  readonly figures: {
    readonly finalized: number;
    readonly disputes: number;
    readonly revisions: number;
    readonly submissions: number;
    readonly ops: number;
    readonly seenByOthers: number;
    readonly commits: number;
  };
}

function up(world: SimWorld): ServerLife {
  const server = world.server();
  if (server === null) throw new Error('the server is down while it is looked at');
  return server;
}

export async function tasksOf(world: SimWorld) {
  const { items } = await up(world).store.page('tasks', {
    index: 'seq',
    where: { projectId: world.project.id },
    limit: 100,
  });
  return items.map(({ record }) => record);
}

/** Nobody is let in beyond the overlap, at any moment; who lost their place while they were cut off may hand in their work. */
export async function checkOverlap(world: SimWorld): Promise<string[]> {
  const broken: string[] = [];
  const { max } = world.project.rules.overlap;
  for (const task of await tasksOf(world)) {
    const claims = standingClaims(task, world.clock.now());
    if (claims.length > max) {
      const log = await up(world).store.log.read(task.id, 0);
      // A place is taken before the first op; who worked before theirs began has lost an earlier one.
      const began = (userId: string) =>
        log.find((entry) => entry.by === userId)?.at ?? Number.POSITIVE_INFINITY;
      const inTime = claims.filter(({ userId, at }) => began(userId) >= at).length;
      if (inTime > max) broken.push(`overlap: ${inTime} claims on ${task.id}, at most ${max} are wanted`);
    }
    if (task.submissions > claims.length)
      broken.push(`overlap: ${task.submissions} submissions on ${task.id} by ${claims.length} people`);
    if (task.target > max) broken.push(`overlap: ${task.id} asks for ${task.target}`);
  }
  return broken;
}

/** Everybody who is in a room sees of it what the server has, and the server has what its log says. */
export async function checkRooms(world: SimWorld): Promise<string[]> {
  const broken: string[] = [];
  const server = up(world);
  for (const { user, mode, session } of world.stays) {
    const who = `${user.id} in ${session.task}`;
    const state = applyAll(emptyRoom, await server.store.log.read(session.task, 0));
    for (const { rooms } of world.servers()) {
      const room = await rooms.open(session.task);
      // Where nobody is in it, a room follows its log when somebody comes.
      if (room.occupants.all().length > 0 && !same(room.state(), state))
        broken.push(`room ${session.task} differs from its log`);
      if (!same(await room.current(), state))
        broken.push(`room ${session.task} does not catch up with its log`);
    }
    const saved = session.saveState();
    if (saved.kind === 'closed' || session.view() === null) continue;
    if (saved.kind !== 'saved' && saved.kind !== 'refused')
      broken.push(`${who} is still ${saved.kind} long after all faults ended`);
    const viewer: Viewer = { userId: user.id, mode };
    for (const layer of visibleLayers(viewer, world.project, state)) {
      const [theirs, ours] = [session.layer(layer), state.layers[layer]];
      if (!same(JSON.parse(JSON.stringify(theirs ?? null)), JSON.parse(JSON.stringify(ours ?? null))))
        broken.push(`${who} sees another ${layer} than the server has`);
    }
  }
  return broken;
}

export async function checkEnd(
  world: SimWorld,
  beside: { readonly bus: Bus; readonly blobs: Blobs; readonly annotators: readonly User[] },
): Promise<Found> {
  const server = up(world);
  const broken = [...(await checkOverlap(world)), ...(await checkRooms(world))];
  const tasks = await tasksOf(world);
  const all: Submission[] = [];
  let [ops, disputes] = [0, 0];
  for (const task of tasks) {
    const { items } = await server.store.page('submissions', {
      index: 'task',
      where: { projectId: world.project.id, taskSeq: task.seq },
      limit: 500,
    });
    const history: TaskHistory = {
      log: await server.store.log.read(task.id, 0),
      submissions: items.map(({ record }) => record),
    };
    all.push(...history.submissions);
    ops += history.log.filter(({ n }) => n > 0).length;
    disputes += history.log.filter(({ op }) => op.t === 'dispute').length;
    broken.push(...checkLog(world, task, history), ...checkSettled(world, task, history));
    broken.push(...checkExposed(world, task, history.log));
    if (task.state !== 'open') continue;
    const free = beside.annotators.filter((user) => !task.claims.some((c) => c.userId === user.id));
    if (standingClaims(task, world.clock.now()).length < task.target && free.length > 0)
      broken.push(`${task.id} wants people and ${free.map((u) => u.id).join(', ')} was not given it`);
  }
  for (const { id } of world.ledger.submissions)
    if (!all.some((s) => s.id === id)) broken.push(`submission ${id} was acknowledged and is missing`);
  for (const { id } of world.ledger.decisions)
    if ((await server.store.get('finalizations', id)) === null)
      broken.push(`decision ${id} was acknowledged and is missing`);
  if ((await server.store.outbox(1)).length > 0) broken.push('events are left in the outbox');
  broken.push(...(await checkCounters(world, server, tasks, all)));
  const dataset = await checkDataset(world, server, tasks, beside);
  broken.push(...dataset.broken);
  return {
    broken,
    figures: {
      finalized: tasks.filter((t) => t.state === 'finalized').length,
      disputes,
      revisions: tasks.filter((t) => t.revision > 1).length,
      submissions: all.length,
      ops,
      seenByOthers: world.ledger.sights.filter((s) => s.mode === 'annotate' && othersWork(s)).length,
      commits: dataset.commits,
    },
  };
}
