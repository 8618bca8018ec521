import { ConcordError, toProblem } from '@concord/core/errors/concord-error';
import { MINIMUM_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { User } from '@concord/core/records/user';
import type { Socket } from 'socket.io';
import { type Credential, type People, readSessionCookie } from '../../people/index.ts';
import { isOwnOrigin, readBearer } from '../auth/index.ts';

/** What the gateway knows of a connection. */
export interface SocketData {
  user: User;
  /** What they came with. */
  credential: Credential;
  /** The protocol version its client speaks. */
  protocol: number;
}

/** socket.io middleware: who is connecting, and with which protocol. Refusals carry a problem as `error.data`. */
export function authenticate(people: People, addresses: () => readonly (string | null)[]) {
  return (socket: Socket, next: (error?: Error) => void): void => {
    admit(socket, people, addresses()).then(
      (data) => {
        Object.assign(socket.data, data);
        next();
      },
      (error: unknown) => {
        const problem = toProblem(error);
        next(Object.assign(new Error(problem.detail), { data: problem }));
      },
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
  if (!(protocol >= MINIMUM_PROTOCOL_VERSION && protocol <= PROTOCOL_VERSION)) {
    throw new ConcordError(
      'protocol.version',
      `This server speaks versions ${MINIMUM_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}. Load the page again, or update the client.`,
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
