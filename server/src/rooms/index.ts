export { roomHandlers } from './handlers.ts';
export type { Occupant, Outlet } from './occupants.ts';
export type { RoomParts } from './room-context.ts';
export { createRooms, type OpenRoom, type Rooms } from './rooms.ts';
