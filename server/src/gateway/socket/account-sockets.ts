import { ConcordError } from '@concord/core/errors/concord-error';
import { socketLimits } from '@concord/core/protocol/limits';
import type { Socket } from 'socket.io';

/** How many sockets each account has on this node [PR23]. */
export interface AccountSockets {
  /** Throws `overloaded` when the account has as many as it may. */
  admit(userId: string, socket: Socket): void;
}

export function createAccountSockets(): AccountSockets {
  const byUser = new Map<string, Set<Socket>>();

  return {
    admit(userId, socket) {
      const open = byUser.get(userId) ?? new Set();
      const most = socketLimits.accountSockets;
      if (open.size >= most)
        throw new ConcordError('overloaded', `This account has ${most} connections already.`, [
          {
            path: 'connections',
            message: `at most ${most} an account`,
            value: open.size,
            remedy: 'Close other pages or programs of this account.',
          },
        ]);
      // Who went while they were asked who they are is not counted: nothing would count them off again.
      if (socket.conn.readyState !== 'open') return;
      byUser.set(userId, open.add(socket));
      const gone = () => {
        socket.conn.off('close', gone);
        open.delete(socket);
        if (open.size === 0 && byUser.get(userId) === open) byUser.delete(userId);
      };
      // Whoever goes before they are let in never disconnects; whoever leaves the namespace alone keeps the connection.
      socket.conn.once('close', gone);
      socket.once('disconnect', gone);
    },
  };
}
