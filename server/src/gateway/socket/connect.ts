import { ConcordError, type Problem } from '@concord/core/errors/concord-error';
import { MINIMUM_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { User } from '@concord/core/records/user';
import type { Socket } from 'socket.io';
import { type Credential, type People, readSessionCookie } from '../../people/index.ts';
import { isOwnOrigin, readBearer } from '../auth/index.ts';
import type { AccountSockets } from './account-sockets.ts';
import type { ProblemOf } from './guard.ts';

/** What the gateway knows of a connection. */
export interface SocketData {
  user: User;
  /** What they came with. */
  credential: Credential;
  /** The protocol version its client speaks. */
  protocol: number;
}

/** How socket.io tells a refused connection: its `connect_error` carries the problem as `data`. */
export const refusal = (problem: Problem): Error =>
  Object.assign(new Error(problem.detail), { data: problem });

/** socket.io middleware: who is connecting, and with which protocol. */
export function authenticate(
  people: People,
  addresses: () => readonly (string | null)[],
  accounts: AccountSockets,
  problemOf: ProblemOf,
) {
  return (socket: Socket, next: (error?: Error) => void): void => {
    admit(socket, people, addresses())
      .then((data) => {
        accounts.admit(data.user.id, socket);
        Object.assign(socket.data, data);
      })
      .then(
        () => next(),
        (error: unknown) => next(refusal(problemOf(error, 'connect'))),
      );
  };
}

async function admit(
  socket: Socket,
  people: People,
  addresses: readonly (string | null)[],
): Promise<SocketData> {
  const { auth, headers } = socket.handshake;
  const protocol = Number(auth['protocol'] ?? PROTOCOL_VERSION);
  if (!(Number.isInteger(protocol) && protocol >= MINIMUM_PROTOCOL_VERSION && protocol <= PROTOCOL_VERSION)) {
    throw new ConcordError(
      'protocol.version',
      `This server speaks versions ${MINIMUM_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}. Load the page again, or update the client.`,
      [
        {
          path: 'auth.protocol',
          message: `is not ${MINIMUM_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}`,
          value: String(auth['protocol']).slice(0, 40),
          remedy: 'Load the page again, or update the client.',
        },
      ],
    );
  }
  const token: unknown = auth['token'];
  const key = typeof token === 'string' && token !== '' ? token : readBearer(headers.authorization);
  const sessionToken = readSessionCookie(headers.cookie);
  if (key === null && sessionToken === null)
    throw new ConcordError('auth.required', 'Sign in, or give an API key as auth.token.');
  // A browser sends the cookie along from any page; only our own pages may use it, those that came from another node too.
  if (
    key === null &&
    headers.origin !== undefined &&
    !isOwnOrigin(headers.origin, headers.host ?? null, addresses)
  ) {
    throw new ConcordError('auth.forbidden', `Refused: the connection comes from ${headers.origin}.`);
  }
  const credential = key === null ? { sessionToken } : { apiKey: key };
  const user = await people.authenticate(credential);
  if (user === null)
    throw new ConcordError('auth.wrong', 'This session or key is not valid (any more). Sign in again.');
  return { user, credential, protocol };
}
