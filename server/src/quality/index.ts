export { qualityHandlers } from './handlers.ts';
export { createQuality, type Quality } from './quality.ts';
