export { newRegionId } from './ids.ts';
export type { Draft } from './outbox.ts';
export type { Seen } from './presence.ts';
export { roomsClient } from './rooms-client.ts';
export type { SaveState } from './save-state.ts';
export type { RoomSession, SubmitOutcome } from './session.ts';
