export { type Calls, createCalls } from './calls.ts';
export { attentionHandlers } from './handlers.ts';
export { isCallable, reviews, worksBlind } from './readers.ts';
