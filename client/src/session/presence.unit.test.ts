import type { RoomPresence } from '@concord/core/protocol/rooms';
import { beforeEach, describe, expect, it } from 'vitest';
import { createPresence, type Presence } from './presence.ts';
import type { SessionClock } from './session.ts';
import type { RoomTransport } from './transport.ts';

let now: number;
let timers: { readonly at: number; readonly run: () => void }[];
let sent: RoomPresence[];
let changes: number;
let presence: Presence;

const clock: SessionClock = {
  now: () => now,
  after(ms, run) {
    const timer = { at: now + ms, run };
    timers.push(timer);
    return () => {
      timers = timers.filter((t) => t !== timer);
    };
  },
};
function pass(ms: number): void {
  const end = now + ms;
  for (;;) {
    const due = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
    if (due === undefined) break;
    timers = timers.filter((t) => t !== due);
    now = due.at;
    due.run();
  }
  now = end;
}

beforeEach(() => {
  now = 1000;
  timers = [];
  sent = [];
  changes = 0;
  presence = createPresence({
    task: 'tsk_1',
    me: 'usr_me',
    transport: { presence: (message: RoomPresence) => sent.push(message) } as unknown as RoomTransport,
    clock,
    onChange: () => {
      changes += 1;
    },
  });
});

describe('telling', () => {
  it('goes out at once, then at most every 50 ms with the newest of everything that changed', () => {
    presence.tell({ cursor: { x: 1, y: 1 } });
    presence.tell({ cursor: { x: 2, y: 2 } });
    presence.tell({ selection: ['usr_me/r'] });
    presence.tell({ cursor: { x: 3, y: 3 } });
    pass(49);
    expect(sent).toEqual([{ task: 'tsk_1', cursor: { x: 1, y: 1 } }]);
    pass(1);
    expect(sent[1]).toEqual({ task: 'tsk_1', cursor: { x: 3, y: 3 }, selection: ['usr_me/r'] });
    pass(10_000);
    expect(sent).toHaveLength(2);
  });

  it('repeats what is held while it is held', () => {
    presence.tell({ busy: 'consensus/r' });
    pass(6100);
    expect(sent.map((m) => m.busy)).toEqual(['consensus/r', 'consensus/r', 'consensus/r', 'consensus/r']);
    presence.tell({ busy: null });
    pass(10_000);
    expect(sent.at(-1)?.busy).toBeNull();
    expect(sent).toHaveLength(5);
  });

  it('tells everything again to who comes, and to everybody after a cut', () => {
    presence.here(['usr_me', 'usr_a'], 'entered');
    expect(sent).toEqual([]);
    presence.tell({ viewport: { x: 0, y: 0, width: 9, height: 9 } });
    presence.tell({ selection: ['usr_me/r'] });
    pass(1000);
    const all = { task: 'tsk_1', viewport: { x: 0, y: 0, width: 9, height: 9 }, selection: ['usr_me/r'] };
    sent = [];
    presence.here(['usr_me', 'usr_a']);
    expect(sent).toEqual([]);
    presence.here(['usr_me', 'usr_a', 'usr_b']);
    expect(sent).toEqual([all]);
    pass(1000);
    presence.here(['usr_me', 'usr_a', 'usr_b'], 'entered');
    expect(sent).toEqual([all, all]);
  });
});

describe('seeing', () => {
  const one = () => presence.people()[0];

  it('keeps what did not change, and knows oneself not', () => {
    presence.receive([{ userId: 'usr_a', cursor: { x: 1, y: 2 }, selection: ['usr_a/r'] }]);
    presence.receive([{ userId: 'usr_a', viewport: { x: 0, y: 0, width: 1, height: 1 } }]);
    presence.receive([{ userId: 'usr_me', cursor: { x: 1, y: 1 } }]);
    expect(presence.people()).toEqual([
      {
        userId: 'usr_a',
        cursor: { x: 1, y: 2 },
        viewport: { x: 0, y: 0, width: 1, height: 1 },
        selection: ['usr_a/r'],
        busy: null,
      },
    ]);
  });

  it('forgets a resting cursor, not where somebody looks', () => {
    presence.receive([{ userId: 'usr_a', cursor: { x: 1, y: 2 }, selection: ['usr_a/r'] }]);
    pass(7900);
    expect(one()?.cursor).not.toBeNull();
    changes = 0;
    pass(1000);
    expect(one()).toMatchObject({ cursor: null, selection: ['usr_a/r'] });
    expect(changes).toBe(1);
  });

  it('[RM36] frees what is held when its holder stops, leaves, or is silent about it for 5 s', () => {
    presence.here(['usr_me', 'usr_a']);
    presence.receive([{ userId: 'usr_a', busy: 'consensus/r' }]);
    presence.receive([{ userId: 'usr_a', busy: null }]);
    expect(one()?.busy).toBeNull();

    presence.receive([{ userId: 'usr_a', busy: 'consensus/r' }]);
    pass(4000);
    presence.receive([{ userId: 'usr_a', busy: 'consensus/r' }]);
    pass(4000);
    // A cursor that moves says nothing of what is held: the message that freed it may be the one that was lost.
    presence.receive([{ userId: 'usr_a', cursor: { x: 1, y: 1 } }]);
    expect(one()?.busy).toBe('consensus/r');
    pass(1500);
    expect(one()?.busy).toBeNull();

    presence.receive([{ userId: 'usr_a', busy: 'consensus/r' }]);
    presence.here(['usr_me']);
    expect(presence.people()).toEqual([]);
  });
});
