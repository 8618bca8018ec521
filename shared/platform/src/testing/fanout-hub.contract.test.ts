import { describeFanoutContract } from '../ports/fanout.contract.ts';
import { createFanoutHub } from './fanout-hub.ts';

describeFanoutContract('several nodes in one process', 3, async () => {
  const join = createFanoutHub();
  const nodes = [join(), join(), join()];
  return {
    nodes,
    async end() {
      for (const node of nodes) await node.close();
    },
  };
});
