import type { Platform } from '../../platform.ts';
import { contentHandlers } from './content.ts';
import { exportHandlers } from './export.ts';
import { listHandlers } from './lists.ts';
import { type TaskParts, workHandlers } from './work.ts';

export function taskHandlers(platform: Platform, parts: TaskParts) {
  return {
    ...listHandlers(platform, parts.projects),
    ...workHandlers(platform, parts),
    ...contentHandlers(platform, parts.projects),
    ...exportHandlers(platform, parts),
  };
}
