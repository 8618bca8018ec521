export { drainNode } from './drain.ts';
export { clusterHandlers } from './handlers.ts';
export { createLease } from './lease.ts';
export { createNodes, type Nodes, type NodesOptions } from './nodes.ts';
export { probesOf } from './probes.ts';
