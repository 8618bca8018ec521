export { roomHandlers } from './handlers.ts';
export type { Occupant, Outlet } from './occupants.ts';
export { viewerOf } from './occupants.ts';
export type { Room } from './room.ts';
export type { RoomParts } from './room-context.ts';
export { createRooms, type Rooms } from './rooms.ts';
