import type { LiveUpdate } from '@concord/core/protocol/live';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import { io } from 'socket.io-client';

/** Calls back for every room that opens without a suggestion, and whenever a watched project's figures move. */
export interface News {
  watch(projectId: string): void;
  close(): void;
}

export type Listen = (
  url: string,
  key: string,
  on: { room(projectId: string, taskId: string): void; project(projectId: string): void },
) => News;

export const listen: Listen = (url, key, on) => {
  const socket = io(`${url}/live`, {
    transports: ['websocket'],
    auth: { token: key, protocol: PROTOCOL_VERSION },
    reconnectionDelayMax: 3000,
  });
  const topics = new Set(['rooms']);
  const subscribe = (list: readonly string[]) => socket.emit('live:subscribe', { topics: list }, () => {});
  socket.on('connect', () => subscribe([...topics]));
  socket.on('live:update', (update: LiveUpdate) => {
    if (update.kind === 'room-opened') on.room(update.projectId, update.taskId);
    if (update.kind === 'project') on.project(update.project.project.id);
  });
  return {
    watch(projectId) {
      const topic = `project:${projectId}`;
      if (topics.has(topic)) return;
      topics.add(topic);
      if (socket.connected) subscribe([topic]);
    },
    close: () => socket.disconnect(),
  };
};
