import type { Clock } from '@concord/platform/ports/clock';
import type { Fanout } from '@concord/platform/ports/fanout';
import type { Chance } from './chance.ts';
import type { Life } from './life.ts';
import type { Trace } from './trace.ts';

interface Listener {
  readonly channel: string;
  readonly on: (message: string) => void;
  readonly onTuned: () => void;
}
interface Member {
  readonly life: Life;
  readonly listeners: Set<Listener>;
  /** Nothing gets from or to this node. */
  deaf: boolean;
}

/** Messages between simulated nodes: they take their time, and now and then a node is cut off from the others for a while. */
export interface SimFanout {
  join(life: Life): Fanout;
  /** Whether nodes are cut off at all. */
  trouble(on: boolean): void;
}

export function createSimFanout(clock: Clock, chance: Chance, trace: Trace): SimFanout {
  const members = new Set<Member>();
  let troubled = false;

  function tune(member: Member): void {
    if (!member.deaf && member.life.alive()) for (const { onTuned } of [...member.listeners]) onTuned();
  }

  function heal(member: Member): void {
    if (!member.deaf) return;
    member.deaf = false;
    // What this node said meanwhile the others have not heard, and the other way round.
    for (const one of members) tune(one);
  }

  function cutOffNow(member: Member): void {
    if (!members.has(member)) return;
    if (troubled) {
      trace.fault('node cut off from the others');
      member.deaf = true;
      clock.after(chance.between(200, 4_000), () => heal(member));
    }
    clock.after(chance.between(10_000, 40_000), () => cutOffNow(member));
  }

  return {
    trouble(on) {
      troubled = on;
      if (!on) for (const member of members) heal(member);
    },
    join(life) {
      for (const old of members) if (!old.life.alive()) members.delete(old);
      const member: Member = { life, listeners: new Set(), deaf: false };
      members.add(member);
      clock.after(chance.between(2_000, 20_000), () => cutOffNow(member));
      let earliest = 0;
      return {
        publish(channel, message) {
          if (member.deaf || !life.alive()) return;
          earliest = Math.max(earliest, clock.now() + chance.between(1, 40));
          clock.after(earliest - clock.now(), () => {
            for (const other of members) {
              if (other === member || other.deaf || !other.life.alive()) continue;
              for (const one of [...other.listeners]) if (one.channel === channel) one.on(message);
            }
          });
        },
        subscribe(channel, on, onTuned = () => {}) {
          const listener = { channel, on, onTuned };
          member.listeners.add(listener);
          clock.after(chance.between(1, 20), () => {
            if (!member.deaf && life.alive() && member.listeners.has(listener)) onTuned();
          });
          return () => {
            member.listeners.delete(listener);
          };
        },
        status: () => ({ reaching: !member.deaf, problem: member.deaf ? 'cut off' : null }),
        close: async () => {
          member.listeners.clear();
        },
      };
    },
  };
}
