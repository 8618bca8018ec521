import { ConcordError } from '@concord/core/errors/concord-error';
import {
  type LiveToServer,
  type LiveUpdate,
  liveSubscribe,
  type ServerToLive,
} from '@concord/core/protocol/live';
import type { ProjectId } from '@concord/core/records/ids';
import type { Role, User } from '@concord/core/records/user';
import type { Namespace } from 'socket.io';
import type { Platform } from '../../platform.ts';
import { maySeeArchived, type Projects } from '../../projects/index.ts';
import type { AllowanceOf } from './allowances.ts';
import type { SocketData } from './connect.ts';
import { guarded, type ProblemOf } from './guard.ts';

const people: readonly Role[] = ['annotator', 'super-reviewer', 'lead', 'admin', 'model', 'consumer'];
/** Who may subscribe to a topic, by its part before the colon. */
const access: Readonly<Record<string, readonly Role[]>> = {
  projects: ['lead', 'admin'],
  project: people,
  disputes: ['super-reviewer', 'lead', 'admin'],
  imports: ['lead', 'admin'],
  datasets: ['lead', 'admin', 'consumer'],
  rooms: ['model', 'admin'],
  notifications: people,
};

/** Where a topic's news goes to this user; one's own notifications have a channel that nobody else can name. */
const channelOf = (topic: string, userId: string): string =>
  topic === 'notifications' ? `T:${topic}/${userId}` : `T:${topic}`;

/** The /live namespace: passes the parts' news to whoever subscribed and may know. */
export function serveLive(
  namespace: Namespace<LiveToServer, ServerToLive, object, SocketData>,
  platform: Platform,
  projects: Projects,
  { allowanceOf, problemOf }: { readonly allowanceOf: AllowanceOf; readonly problemOf: ProblemOf },
): () => void {
  const { live } = platform;
  const stop = [
    live.onUpdate((update: LiveUpdate) => {
      namespace.local
        .to(channelOf(update.topic, update.kind === 'notifications' ? update.userId : ''))
        .emit('live:update', update);
    }),
    live.onMissed(() => {
      namespace.local.emit('live:missed');
    }),
  ];

  /** Throws where a topic is unknown or not for this user. */
  async function mustBeOpenTo(user: User, topic: string): Promise<void> {
    const [kind, id] = topic.split(':') as [string, string | undefined];
    const roles = Object.hasOwn(access, kind) ? access[kind] : undefined;
    if (roles === undefined) {
      throw new ConcordError('input.invalid', `There is no topic ${topic}.`, [
        {
          path: 'topics',
          message: 'unknown topic',
          value: topic,
          remedy: `Use one of: ${Object.keys(access).join(', ')}.`,
        },
      ]);
    }
    if (!roles.includes(user.role))
      throw new ConcordError('auth.forbidden', `The topic ${topic} needs the role ${roles.join(', ')}.`);
    if (id === undefined) return;
    const { record } = await projects.get(id as ProjectId);
    if (record.archived && !maySeeArchived(user))
      throw new ConcordError('not_found', `There is no project ${id}.`);
  }

  namespace.on('connection', (socket) => {
    const allowance = allowanceOf(socket.conn);
    const take = () => allowance.message();
    const { user } = socket.data;
    socket.on(
      'live:subscribe',
      guarded(liveSubscribe, 'live:subscribe', take, problemOf, async ({ topics }) => {
        // All of them first: a refused call has joined none [PR9].
        for (const topic of topics) await mustBeOpenTo(user, topic);
        for (const topic of topics) await socket.join(channelOf(topic, user.id));
        return { topics };
      }),
    );
    socket.on(
      'live:unsubscribe',
      guarded(liveSubscribe, 'live:unsubscribe', take, problemOf, async ({ topics }) => {
        for (const topic of topics) await socket.leave(channelOf(topic, user.id));
        return {};
      }),
    );
  });
  return () => {
    for (const end of stop) end();
  };
}
