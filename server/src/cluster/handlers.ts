import type { AdapterHealth } from '@concord/platform/observability/adapter-health';
import type { Handlers } from '../gateway/http/handler.ts';
import type { Rooms } from '../rooms/index.ts';
import type { Nodes } from './nodes.ts';

export function clusterHandlers(
  nodes: Nodes,
  health: AdapterHealth,
  rooms: Rooms,
  stop: () => void,
): Pick<Handlers, 'nodes.list' | 'nodes.drain'> {
  return {
    'nodes.list': async () => ({
      self: nodes.self.id,
      items: [nodes.self, ...nodes.others()].map(({ id, url, state, reaching }) => ({
        id,
        url,
        state,
        reaching,
      })),
      adapters: [...health.reports()],
    }),
    'nodes.drain': async () => {
      const { length } = await rooms.occupied();
      stop();
      return { node: nodes.self.id, rooms: length };
    },
  };
}
