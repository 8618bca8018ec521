export { ingestHandlers } from './handlers.ts';
export { createIngest, type Ingest } from './ingest.ts';
export type { ImportedModels } from './predictions.ts';
export { createSamples, type Samples } from './samples.ts';
