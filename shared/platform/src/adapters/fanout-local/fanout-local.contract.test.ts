import { describeFanoutContract } from '../../ports/fanout.contract.ts';
import { createLocalFanout } from './fanout-local.ts';

describeFanoutContract('one process', 1, async () => {
  const fanout = createLocalFanout();
  return { nodes: [fanout], end: () => fanout.close() };
});
