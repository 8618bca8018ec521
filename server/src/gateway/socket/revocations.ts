import type { Logger } from '@concord/platform/observability/logger';
import type { Namespace } from 'socket.io';
import type { Nodes } from '../../cluster/index.ts';
import type { People } from '../../people/index.ts';
import type { SocketData } from './connect.ts';

/** While messages between the nodes may be lost, everybody is asked again who they are every so many looks. */
const ASK_EVERY_LOOKS = 20;

/**
 * Ends the connections of a user whose credentials stopped working, or whose role changed, on whichever node: they come
 * back and are asked again who they are. Returns how to stop.
 */
export function endRevoked(
  // biome-ignore lint/suspicious/noExplicitAny: of the two namespaces' types only the data of their sockets matters here
  namespaces: readonly Namespace<any, any, any, SocketData>[],
  people: People,
  nodes: Nodes,
  logger: Logger,
): () => void {
  const sockets = () => namespaces.flatMap((namespace) => [...namespace.sockets.values()]);
  let looks = 0;

  function askAll(): void {
    for (const socket of sockets()) {
      const { user, credential } = socket.data;
      people.authenticate(credential).then(
        (now) => {
          if (now?.role !== user.role) socket.disconnect(true);
        },
        (err: unknown) => logger.debug({ err }, 'a connection could not be asked again who it is'),
      );
    }
  }

  const stops = [
    people.onRevoked(({ userId }) => {
      for (const socket of sockets()) if (socket.data.user.id === userId) socket.disconnect(true);
    }),
    people.onMissed(askAll),
    nodes.onLook(() => {
      const deaf = nodes.others().length > 0 && !nodes.reaching();
      looks = deaf ? looks + 1 : 0;
      if (looks % ASK_EVERY_LOOKS === ASK_EVERY_LOOKS - 1) askAll();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
