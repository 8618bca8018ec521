import type { Handlers } from '../gateway/http/handler.ts';
import type { Quality } from './quality.ts';

/** The HTTP routes of the live figures. */
export function qualityHandlers(
  quality: Quality,
): Pick<Handlers, 'projects.quality' | 'projects.annotators'> {
  return {
    'projects.quality': ({ params }) => quality.project(params.project),
    'projects.annotators': async ({ params }) => ({ items: await quality.annotators(params.project) }),
  };
}
