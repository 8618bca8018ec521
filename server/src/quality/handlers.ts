import type { Handlers } from '../gateway/http/handler.ts';
import type { Quality } from './quality.ts';

/** The HTTP routes of the live figures. */
export function qualityHandlers(
  quality: Quality,
): Pick<Handlers, 'projects.quality' | 'projects.pairs' | 'projects.annotators'> {
  return {
    'projects.quality': ({ params }) => quality.project(params.project),
    'projects.pairs': ({ params, query }) => quality.pairs(params.project, query.limit),
    'projects.annotators': async ({ params }) => ({ items: await quality.annotators(params.project) }),
  };
}
