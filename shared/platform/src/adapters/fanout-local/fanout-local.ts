import type { Fanout } from '../../ports/fanout.ts';

/** For one server process: there is no other node to tell, and the sender never hears itself. */
export function createLocalFanout(): Fanout {
  return {
    publish() {},
    subscribe: () => () => {},
    status: () => ({ reaching: false, problem: null }),
    close: async () => {},
  };
}
