import type { Annotation } from '@concord/core/records/annotation';
import type { LayerId, TaskId } from '@concord/core/records/ids';
import type { User } from '@concord/core/records/user';
import { annotationOf, emptyLayer, sortedAnnotation } from '@concord/core/rooms/layer';
import type { ClientOp } from '@concord/core/rooms/op';
import { annotateAsBot, type BotProfile } from '@concord/core/testing/annotator-bot';
import { createMemoryOutbox } from '../../client/src/session/outbox.ts';
import { createRoomSession } from '../../client/src/session/room-session.ts';
import type { RoomSession } from '../../client/src/session/session.ts';
import type { Chance } from './chance.ts';
import type { SimWorld, Stay } from './sim-world.ts';

const ENTER_WITHIN_MS = 30_000;
const SUBMIT_WITHIN_MS = 40_000;

/** Ops that turn one annotation into another; regions are compared by what they say, and new ones get new ids. */
export function towards(from: Annotation, to: Annotation, newId: () => string): ClientOp[] {
  const says = ({ label, shape }: Annotation['regions'][number]) => JSON.stringify([label, shape]);
  const wanted = new Set(to.regions.map(says));
  const there = new Set(from.regions.map(says));
  const answers = Object.entries(to.answers).filter(
    ([key, value]) => JSON.stringify(from.answers[key]) !== JSON.stringify(value),
  );
  return [
    ...from.regions.filter((r) => !wanted.has(says(r))).map((r): ClientOp => ({ t: 'delete', id: r.id })),
    ...to.regions
      .filter((r) => !there.has(says(r)))
      .map((r): ClientOp => ({ t: 'create', region: { ...r, id: newId() } })),
    ...(answers.length === 0 ? [] : [{ t: 'classify', set: Object.fromEntries(answers) } as ClientOp]),
  ];
}

/** Opens pages of one person: the client's real session on a simulated connection. */
export function createPages(world: SimWorld, user: User) {
  const outbox = createMemoryOutbox();
  let made = 0;
  const newId = () => {
    made += 1;
    return `${user.id}-${made}`;
  };
  async function enter(
    task: TaskId,
    mode: Stay['mode'],
    client: string,
  ): Promise<{ session: RoomSession; leave(how: 'now' | 'when-sent'): void } | null> {
    const session = createRoomSession({
      task,
      mode,
      user,
      client,
      transport: world.link(user).transport,
      outbox,
      clock: world.clock,
      newId,
    });
    const stay: Stay = { user, mode, session };
    world.stays.add(stay);
    const leave = (how: 'now' | 'when-sent') => {
      world.stays.delete(stay);
      session.close(how);
    };
    await world.within(session.joined, ENTER_WITHIN_MS);
    if (session.view() !== null) return { session, leave };
    leave('now');
    return null;
  }
  return { enter, newId };
}

/** What the page shows of a layer, as JSON has it (which knows no -0). */
const shown = (session: RoomSession, layer: LayerId): Annotation => {
  const annotation = sortedAnnotation(annotationOf(session.layer(layer) ?? emptyLayer(layer)));
  return JSON.parse(JSON.stringify(annotation)) as Annotation;
};

/** Labels until there is nothing more, with the habits of people: going away, coming back, skipping, dawdling, regretting. */
export async function labelAlong(
  world: SimWorld,
  user: User,
  chance: Chance,
  profile: BotProfile,
): Promise<void> {
  const pages = createPages(world, user);
  let stays = 0;
  const sometimes = (probability: number, what: string) => {
    if (world.calm() || !chance.hits(probability)) return false;
    world.trace.fault(what);
    return true;
  };

  async function work(task: TaskId): Promise<void> {
    const item = world.items.get(task);
    if (item === undefined) throw new Error(`nobody knows ${task}`);
    stays += 1;
    const client = `${user.id}-page-${stays}`;
    let page = await pages.enter(task, 'annotate', client);
    for (let round = 0; page !== null && round < 3; round++) {
      const { annotation } = annotateAsBot(
        profile,
        { modality: world.modality, schema: world.project.schema, asset: item.facts, truth: item.truth },
        chance.number,
      );
      for (let left = true; left; ) {
        left = false;
        for (const op of towards(shown(page.session, user.id), annotation, pages.newId)) {
          page.session.dispatch(user.id, [op]);
          await world.sleep(chance.between(5, 600));
          if (chance.hits(0.1)) {
            page.session.undo();
            page.session.redo();
          }
          if (!sometimes(0.06, 'page left and opened again')) continue;
          page.leave('now');
          await world.sleep(chance.between(50, 6_000));
          page = await pages.enter(task, 'annotate', client);
          if (page === null) return;
          left = true;
          break;
        }
      }
      if (sometimes(0.05, 'connection pulled')) world.link(user).cut();
      if (sometimes(0.03, 'task skipped')) {
        await page.session.skip('not for me');
        return page.leave('now');
      }
      if (sometimes(0.06, 'lease run out'))
        await world.sleep(world.project.rules.leaseMs + chance.between(1_000, 60_000));
      world.ledger.intents.push({ user: user.id, task, client, seen: shown(page.session, user.id) });
      const outcome = await world.within(page.session.submit(chance.between(500, 5_000)), SUBMIT_WITHIN_MS);
      world.trace.say(`${user.id} heard ${outcome?.kind ?? 'nothing'} of ${task}`);
      await world.sleep(chance.between(0, 3_000));
      if (outcome?.kind !== 'submitted' || !sometimes(0.12, 'submission withdrawn')) break;
      if ((await page.session.withdraw()).ok !== true) break;
    }
    page?.leave('now');
  }

  for (let empty = 0; world.idle.size < world.annotators; ) {
    await world.sleep(chance.between(50, 900));
    const server = world.server();
    if (server === null) continue;
    const found = await world.within(server.tasks.next(user, world.project.id), 5_000);
    if (found !== null) {
      empty = 0;
      world.idle.delete(user.id);
      await work(found.record.id);
    } else if (world.calm()) {
      empty += 1;
      if (empty > 3) world.idle.add(user.id);
    }
  }
  world.trace.say(`${user.id} goes home`);
}

/** Settles disputes, some of them, and now and then opens a settled item again. */
export async function reviewAlong(world: SimWorld, user: User, chance: Chance): Promise<void> {
  const pages = createPages(world, user);
  const left = new Set<string>();
  for (let visit = 1; !world.calm(); visit++) {
    await world.sleep(chance.between(500, 3_000));
    const server = world.server();
    if (server === null || world.calm()) continue;
    if (chance.hits(0.12)) {
      const { task } = chance.pick([...world.items.values()]);
      await world.within(server.rooms.reopen(user, task.id, 'looks wrong'), 5_000);
      continue;
    }
    const disputes = await world.within(
      server.store.page('tasks', { index: 'disputes', where: { state: 'disputed' }, limit: 50 }),
      1_000,
    );
    const task = disputes?.items.find(({ record }) => !left.has(record.id))?.record;
    const item = world.items.get(task?.id as TaskId);
    if (task === undefined || item === undefined) continue;
    if (chance.hits(0.4)) {
      left.add(task.id);
      continue;
    }
    const page = await pages.enter(task.id, 'review', `${user.id}-visit-${visit}`);
    if (page === null) continue;
    for (const op of towards(shown(page.session, 'consensus'), item.truth, pages.newId)) {
      page.session.dispatch('consensus', [op]);
      await world.sleep(chance.between(10, 300));
    }
    for (let tries = 0; tries < 5 && page.session.view()?.state === 'disputed'; tries++) {
      const answer = await world.within(page.session.resolve('I looked it up', null, 900), 30_000);
      if (answer?.ok === true) break;
      await world.sleep(6_000);
    }
    page.leave('now');
  }
}
