import type { ClientOp } from '@concord/core/rooms/op';
import { expect, it } from 'vitest';
import { createFakeRoom } from './fake-room.ts';
import { createMemoryOutbox } from './outbox.ts';
import { createRoomSession } from './room-session.ts';

const me = 'usr_ann';

/** A session on a fake room; timers run when `pass` is called. */
async function enter() {
  const room = createFakeRoom('tsk_1', me);
  let timers: (() => void)[] = [];
  let made = 0;
  const session = createRoomSession({
    task: 'tsk_1',
    mode: 'annotate',
    user: { id: me },
    client: 'page-0001',
    transport: room.transport,
    outbox: createMemoryOutbox(),
    clock: {
      now: () => 0,
      after(_ms, run) {
        timers.push(run);
        return () => {
          timers = timers.filter((timer) => timer !== run);
        };
      },
    },
    newId: () => `r${++made}`,
  });
  await session.joined;
  return {
    room,
    session,
    say: (label: string) => session.dispatch(me, [{ t: 'classify', set: { label } }]),
    shown: () => session.layer(me)?.answers['label']?.value ?? null,
    async pass() {
      for (let turn = 0; turn < 20; turn++) {
        const due = timers;
        timers = [];
        for (const run of due) run();
        for (let tick = 0; tick < 20; tick++) await Promise.resolve();
      }
    },
  };
}
const labels = (log: readonly { readonly op: unknown }[]) =>
  log.map(({ op }) => (op as Extract<ClientOp, { t: 'classify' }>).set['label']);

it('[RM21] an undo is an op of its own: with a number, undone by redo, and in the log once though its answer was lost', async () => {
  const { room, session, say, shown, pass } = await enter();
  say('spam');
  await pass();
  say('ham');
  await pass();
  room.lose('all');
  session.undo();
  expect(shown()).toBe('spam');
  await pass();
  expect(session.saveState().kind).toBe('saved');
  room.lose('all');
  session.redo();
  await pass();
  expect(shown()).toBe('ham');
  for (let step = 0; step < 2; step++) {
    session.undo();
    await pass();
  }
  expect(labels(room.log)).toEqual(['spam', 'ham', 'spam', 'ham', 'spam', null]);
  expect(room.log.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(session.canUndo()).toBe(false);
  expect(session.canRedo()).toBe(true);
});

it('[RM13] shows what the server has, also where it was told only that it was known already', async () => {
  const { room, session, say, shown, pass } = await enter();
  room.lose('broadcast');
  say('spam');
  await pass();
  expect(labels(room.log)).toEqual(['spam']);
  expect(shown()).toBe('spam');
  expect(session.saveState().kind).toBe('saved');
  say('ham');
  await pass();
  expect(labels(room.log)).toEqual(['spam', 'ham']);
  expect(shown()).toBe('ham');
});
