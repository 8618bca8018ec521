import type { Project } from '@concord/core/records/project';
import { revalidate, useBeforeLeave } from '@solidjs/router';
import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import { createStore, reconcile, type SetStoreFunction } from 'solid-js/store';
import { ApiError, call, callTagged, isApiError } from '../../api/index.ts';
import { classProblems } from '../../lib/class-list.ts';
import {
  changedFields,
  type Draft,
  draftOf,
  type Editable,
  inWords,
  mergeDrafts,
} from '../../lib/project-draft.ts';
import { readProject } from '../../reads/queries.ts';
import { showError, showToast } from '../../ui/toast.tsx';

export interface Conflict {
  /** What both changed, differently. */
  readonly both: readonly Editable[];
  readonly theirs: Draft;
  readonly etag: string | null;
}

export interface ProjectEditor {
  readonly draft: Draft;
  readonly set: SetStoreFunction<Draft>;
  /** Fields that differ from what is saved. */
  readonly changed: () => readonly Editable[];
  /** Why saving makes no sense yet, or null. */
  readonly obstacle: () => string | null;
  readonly busy: () => boolean;
  readonly error: () => ApiError | null;
  readonly conflict: () => Conflict | null;
  save(): Promise<void>;
  discard(): void;
  /** Ends a conflict: keep mine (and save) or take theirs for the contested fields. */
  settle(keep: 'mine' | 'theirs'): Promise<void>;
}

/** A project being edited. Saves only what changed, and merges with what others saved meanwhile. */
export function createProjectEditor(
  start: Project,
  startEtag: string | null,
  current: () => Project,
): ProjectEditor {
  let etag = startEtag;
  const [base, setBase] = createSignal(draftOf(start));
  const [draft, set] = createStore<Draft>(draftOf(start));
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<ApiError | null>(null);
  const [conflict, setConflict] = createSignal<Conflict | null>(null);
  /** The draft as it would be sent. */
  const cleaned = () => draftOf(unwrapped(draft));
  const changed = createMemo(() => changedFields(base(), cleaned()));

  function adopt(project: Draft, tag: string | null): void {
    etag = tag;
    setBase(draftOf(project));
    set(reconcile(draftOf(project)));
  }
  // Somebody else saved and nothing is being edited here: show theirs.
  createEffect(
    on(
      current,
      async (project) => {
        if (changed().length > 0 || changedFields(base(), draftOf(project)).length === 0) return;
        const fresh = await callTagged('projects.get', { params: { project: start.id } });
        if (changed().length === 0) adopt(fresh.data.project, fresh.etag);
      },
      { defer: true },
    ),
  );

  function obstacle(): string | null {
    if (draft.name.trim() === '') return 'The project needs a name.';
    if (classProblems(draft.schema.classes).some((p) => p.name || p.hotkey))
      return 'Some classes need another name or key.';
    if (draft.rules.overlap.max < draft.rules.overlap.min)
      return 'The most people asked cannot be fewer than the least.';
    return null;
  }

  /** Sends the fields of `wanted` that differ from what is saved under `tag`. */
  async function send(from: Draft, wanted: Draft, tag: string | null): Promise<void> {
    const fields = changedFields(from, wanted);
    const { data, etag: next } = await callTagged('projects.update', {
      params: { project: start.id },
      body: Object.fromEntries(fields.map((field) => [field, wanted[field]])),
      ...(tag === null ? {} : { ifMatch: tag }),
    });
    adopt(data, next);
    if (next === null) {
      const fresh = await callTagged('projects.get', { params: { project: start.id } });
      adopt(fresh.data.project, fresh.etag);
    }
    setConflict(null);
    void revalidate(readProject.key);
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (cause) {
      if (cause instanceof ApiError && cause.code === 'input.invalid') setError(cause);
      showError(cause);
    } finally {
      setBusy(false);
    }
  }

  async function save(): Promise<void> {
    if (busy() || changed().length === 0 || obstacle() !== null) return;
    await attempt(async () => {
      const mine = cleaned();
      try {
        await send(base(), mine, etag);
        showToast('ok', 'Saved.');
      } catch (cause) {
        if (!isApiError(cause, 'precondition')) throw cause;
        const fresh = await callTagged('projects.get', { params: { project: start.id } });
        const theirs = draftOf(fresh.data.project);
        const result = mergeDrafts(base(), mine, theirs);
        if (result.both.length > 0) {
          setConflict({ both: result.both, theirs, etag: fresh.etag });
          return;
        }
        await send(theirs, result.merged, fresh.etag);
        showToast('info', `Saved. Somebody else had changed ${inWords(result.theirs)}; that is kept.`);
      }
    });
  }

  async function settle(keep: 'mine' | 'theirs'): Promise<void> {
    const open = conflict();
    if (!open) return;
    await attempt(async () => {
      const { merged } = mergeDrafts(base(), cleaned(), open.theirs);
      const contested = Object.fromEntries(open.both.map((field) => [field, open.theirs[field]]));
      const wanted = keep === 'mine' ? merged : { ...merged, ...contested };
      if (changedFields(open.theirs, wanted).length === 0) {
        adopt(open.theirs, open.etag);
        setConflict(null);
        return;
      }
      await send(open.theirs, wanted, open.etag);
      showToast('ok', keep === 'mine' ? 'Saved with your version.' : 'Saved with theirs.');
    });
  }

  // Leaving with changes asks first, in the app and at the window.
  useBeforeLeave((event) => {
    if (changed().length === 0 || event.defaultPrevented) return;
    event.preventDefault();
    if (confirm('Your changes are not saved. Leave without them?')) event.retry(true);
  });
  const stay = (event: BeforeUnloadEvent): void => {
    if (changed().length > 0) event.preventDefault();
  };
  addEventListener('beforeunload', stay);
  onCleanup(() => removeEventListener('beforeunload', stay));

  return {
    draft,
    set,
    changed,
    obstacle,
    busy,
    error,
    conflict,
    save,
    discard: () => set(reconcile(base())),
    settle,
  };
}

/** Reads every field of the store (so that the caller follows them all) and gives plain values. */
function unwrapped(draft: Draft): Draft {
  return JSON.parse(JSON.stringify(draft)) as Draft;
}

/** Sets a project aside, or takes it back. Throws ApiError. */
export async function archive(project: string, archived: boolean): Promise<void> {
  await call('projects.update', { params: { project }, body: { archived } });
  await revalidate();
}
