export { listen, liveConnected } from './connection.ts';
export { createThrottle, useLiveSummary, useTopic } from './signals.ts';
