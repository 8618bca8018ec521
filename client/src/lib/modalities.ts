import { modalities } from '@concord/core/modalities/registry';
import { config } from 'zod';

// The page's content policy forbids making code from strings; zod would try it once and be reported.
config({ jitless: true });

/** Every kind of work there is, with its default classes and import fields. Heavy (brings zod): import it lazily. */
export { modalities };
