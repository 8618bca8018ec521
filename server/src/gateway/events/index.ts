export { eventHandlers } from './events.ts';
