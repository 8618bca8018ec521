import { ConcordError } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import type { ProjectSummary } from '@concord/core/protocol/resources';
import type { projectInput } from '@concord/core/protocol/routes';
import type { UserId } from '@concord/core/records/ids';
import { defaultRules, type Project, project as projectSchema } from '@concord/core/records/project';
import type { Stored, Write } from '@concord/platform/ports/store';
import type { z } from 'zod';
import { auditWrite } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import { applyPatch, changedFields, type ProjectPatch } from './changes.ts';
import { checkSameModality, checkSchema, requireMatch } from './checks.ts';
import { summarise } from './summaries.ts';

export type ProjectInput = z.input<typeof projectInput>;
type ParsedInput = z.infer<typeof projectInput>;

const channel = 'projects';
/** How long another node's change may go unnoticed when its message was lost. */
const maxAgeMs = 5_000;

export interface ListQuery {
  readonly after?: string | undefined;
  readonly limit: number;
  /** Whether archived projects are listed too. */
  readonly archived: boolean;
}

/** The projects: what is labelled, by which rules. */
export interface Projects {
  /** Cached. Throws `not_found`. */
  get(id: string): Promise<Stored<Project>>;
  /** Oldest first, with their volume. */
  list(query: ListQuery): Promise<{ readonly items: ProjectSummary[]; readonly next: string | null }>;
  /** Throws `input.invalid` when the schema does not fit its modality. */
  create(input: ParsedInput, userId: UserId): Promise<Stored<Project>>;
  /** Throws `precondition` when `ifMatch` is given and not the present revision. */
  update(id: string, patch: ProjectPatch, ifMatch: string | null, userId: UserId): Promise<Stored<Project>>;
  summary(id: string): Promise<ProjectSummary>;
  /** After a project was created (`before` null) or changed, on any node, once it stands. */
  onChanged(listener: (after: Project, before: Project | null) => void): () => void;
  close(): void;
}

export function createProjects(platform: Platform): Projects {
  const { store, clock, random, modalities, fanout } = platform;
  const cache = new Map<string, { readonly stored: Stored<Project>; readonly at: number }>();
  const listeners = new Set<(after: Project, before: Project | null) => void>();

  async function read(id: string): Promise<Stored<Project>> {
    const stored = await store.get('projects', id);
    if (!stored) throw new ConcordError('not_found', `There is no project ${id}.`);
    const known = cache.get(id)?.stored;
    cache.set(id, { stored, at: clock.now() });
    // Another node changed it, and its message was lost or is still on its way.
    if (known !== undefined && known.rev < stored.rev) tell(stored.record, known.record);
    return stored;
  }

  async function get(id: string): Promise<Stored<Project>> {
    const known = cache.get(id);
    return known && clock.now() - known.at < maxAgeMs ? known.stored : read(id);
  }

  function tell(after: Project, before: Project | null): void {
    for (const listener of listeners) listener(after, before);
    platform.live.projectChanged(after.id);
  }

  async function commit(after: Project, before: Stored<Project> | null, writes: Write[]): Promise<void> {
    await store.commit({
      writes: [{ put: 'projects', record: after, expect: before?.rev ?? 'absent' }, ...writes],
    });
    cache.delete(after.id);
    fanout.publish(channel, after.id);
    tell(after, before?.record ?? null);
  }

  function readAgain(id: string): void {
    const isNew = !cache.has(id);
    read(id).then(
      ({ record }) => isNew && tell(record, null),
      (error: unknown) => platform.logger.warn({ err: error, project: id }, 'a changed project was not read'),
    );
  }
  const unsubscribe = fanout.subscribe(channel, readAgain, () => {
    for (const id of cache.keys()) readAgain(id);
  });

  return {
    get,
    async list({ after, limit, archived }) {
      const found: Project[] = [];
      let cursor = after;
      let next: string | null = null;
      do {
        const page = await store.page('projects', {
          index: 'created',
          after: cursor,
          limit: limit - found.length,
        });
        found.push(...page.items.map((p) => p.record).filter((p) => archived || !p.archived));
        next = page.next;
        cursor = next ?? undefined;
      } while (next !== null && found.length < limit);
      return { items: await summarise(store, found), next };
    },
    async create(input, userId) {
      checkSchema(modalities, input.schema);
      const { rules, ...rest } = input;
      const record: Project = parseInput(
        projectSchema,
        {
          ...rest,
          id: `prj_${random.token(9)}`,
          schema: { ...input.schema, version: 1 },
          guidelinesVersion: 1,
          rules: rules ?? defaultRules,
          archived: false,
          createdBy: userId,
          createdAt: clock.now(),
        },
        'project',
      );
      await commit(record, null, [
        auditWrite(platform, userId, 'project.created', record.id, { name: record.name }),
      ]);
      return { record, rev: 1 };
    },
    async update(id, patch, ifMatch, userId) {
      const before = await read(id);
      requireMatch(ifMatch, before.rev);
      if (patch.schema) {
        checkSameModality(before.record, patch.schema);
        checkSchema(modalities, patch.schema);
      }
      const after = applyPatch(before.record, patch);
      const fields = changedFields(before.record, after);
      if (fields.length === 0) return before;
      const detail = {
        fields,
        ...(fields.includes('rules') ? { rules: { before: before.record.rules, after: after.rules } } : {}),
      };
      await commit(after, before, [auditWrite(platform, userId, 'project.updated', id, detail)]);
      return { record: after, rev: before.rev + 1 };
    },
    async summary(id) {
      const [summary] = await summarise(store, [(await get(id)).record]);
      return summary as ProjectSummary;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: unsubscribe,
  };
}
