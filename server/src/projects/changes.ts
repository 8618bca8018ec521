import type { projectPatch } from '@concord/core/protocol/routes';
import type { Project } from '@concord/core/records/project';
import { canonicalJson } from '@concord/core/versioning/canonical-json';
import type { z } from 'zod';

export type ProjectPatch = z.infer<typeof projectPatch>;

/** In lists, since a field that an older record lacks has no JSON by itself. */
const same = (a: unknown, b: unknown) => canonicalJson([a]) === canonicalJson([b]);

/** The project after a patch. The schema and the guidelines count their versions when, and only when, they change. */
export function applyPatch(before: Project, patch: ProjectPatch): Project {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const next = { ...before, ...given } as Project;
  const schema = { ...next.schema, version: before.schema.version };
  const schemaChanged = !same(schema, before.schema);
  return {
    ...next,
    schema: schemaChanged ? { ...schema, version: before.schema.version + 1 } : before.schema,
    guidelinesVersion:
      next.guidelines === before.guidelines ? before.guidelinesVersion : before.guidelinesVersion + 1,
  };
}

/** Names of the fields that differ. */
export function changedFields(before: Project, after: Project): string[] {
  return (Object.keys(after) as (keyof Project)[]).filter((key) => !same(before[key], after[key]));
}
