import { isConcordError } from '../errors/concord-error.ts';
import type { ObjectStore } from './codec.ts';
import { encodeHead, headRef, type Repository } from './repository.ts';

/**
 * Removes packs that a branch has done without for `graceMs`: those whose nodes were joined into others. None that any
 * branch of the project names is touched [VC18]. Answers how many went. Safe to run beside writers and readers, and again.
 */
export async function collectPacks(
  objects: ObjectStore,
  repository: Pick<Repository, 'head' | 'branches'>,
  where: { readonly project: string; readonly branch: string },
  now: number,
  graceMs: number,
): Promise<number> {
  const { project, branch } = where;
  const head = await repository.head(project, branch);
  const due = head?.retired.filter(({ at }) => at + graceMs <= now) ?? [];
  if (head === null || due.length === 0) return 0;
  const needed = new Set<string>();
  for (const name of await repository.branches(project))
    for (const { hash } of (await repository.head(project, name))?.packs ?? []) needed.add(hash);
  const gone = due.filter(({ hash }) => !needed.has(hash));
  for (const { hash } of gone) await objects.remove(hash);
  const names = new Set(gone.map(({ hash }) => hash));
  const retired = head.retired.filter(({ hash }) => !names.has(hash));
  try {
    await objects.putRef(headRef(project, branch), encodeHead({ ...head, retired }), head.version);
  } catch (error) {
    // The branch moved on meanwhile, with the list as it was: the next run removes nothing again, and shortens it.
    if (!isConcordError(error, 'conflict')) throw error;
  }
  return gone.length;
}
