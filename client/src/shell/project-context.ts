import type { ProjectSummary } from '@concord/core/protocol/resources';
import { createContext, useContext } from 'solid-js';

/** The project around a page. */
export interface OpenProject {
  /** Moves by itself. */
  readonly summary: () => ProjectSummary;
  /** For If-Match on changes; null where the server sent none. */
  readonly etag: () => string | null;
}

export const ProjectContext = createContext<OpenProject>();

/** The project whose page this is. Throws outside of a project's pages. */
export function useProject(): OpenProject {
  const project = useContext(ProjectContext);
  if (!project) throw new Error('useProject outside of a project page');
  return project;
}
