import { serve } from './start/serve.ts';

await serve(process.argv.slice(2));
