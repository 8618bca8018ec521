import { A, createAsync, type RouteSectionProps, useLocation } from '@solidjs/router';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import Play from 'lucide-solid/icons/play';
import { createEffect, createMemo, ErrorBoundary, For, Show, Suspense } from 'solid-js';
import { cx } from '../lib/class-names.ts';
import { modalityLook } from '../lib/modality-look.ts';
import { type Ability } from '../lib/permissions.ts';
import { useLiveSummary } from '../live/index.ts';
import { readProject } from '../reads/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { LinkButton } from '../ui/button.tsx';
import { NotForYou } from '../ui/states.tsx';
import { Failed } from './failed.tsx';
import { ProjectContext } from './project-context.ts';
import { iMay } from './session.ts';

const tabs: readonly { path: string; label: string; needs?: Ability }[] = [
  { path: '', label: 'Overview' },
  { path: '/data', label: 'Data', needs: 'see-data' },
  { path: '/import', label: 'Import', needs: 'manage-projects' },
  { path: '/datasets', label: 'Datasets', needs: 'read-datasets' },
  { path: '/people', label: 'People', needs: 'see-quality' },
  { path: '/settings', label: 'Settings', needs: 'manage-projects' },
];

/** A project's name, places and 'Label', above each of its pages. */
export function ProjectFrame(props: RouteSectionProps) {
  const fetched = createAsync(() => readProject(props.params['id'] ?? ''));
  const live = useLiveSummary(() => fetched()?.data);
  const location = useLocation();
  const base = () => `/projects/${props.params['id']}`;
  // With one place to be, tabs would only be noise.
  const open = createMemo(() => {
    const mine = tabs.filter((t) => t.needs === undefined || iMay(t.needs));
    return mine.length > 1 ? mine : [];
  });
  const allowed = createMemo(() => {
    const here = tabs.find((t) => base() + t.path === location.pathname.replace(/\/$/, ''));
    return here?.needs === undefined || iMay(here.needs);
  });
  const look = createMemo(() => modalityLook(live()?.project.schema.modality ?? ''));
  return (
    <Show when={live()}>
      {(summary) => (
        <ProjectContext.Provider value={{ summary, etag: () => fetched()?.etag ?? null }}>
          <header
            class="border-b border-line bg-surface px-4 pt-3.5 sm:px-6"
            classList={{ 'pb-3.5': open().length === 0 }}
          >
            <div class="flex items-center gap-3">
              <div class="min-w-0 flex-1">
                <div class="flex items-center gap-1 text-sm text-ink-3">
                  <A href="/" class="hover:text-ink hover:underline">
                    Projects
                  </A>
                  <ChevronRight size={13} aria-hidden="true" />
                  <span class="inline-flex items-center gap-1">
                    {look().icon({ size: 13, 'aria-hidden': 'true' })}
                    {look().title}
                  </span>
                  <Show when={summary().project.archived}>
                    <Badge class="ml-1">Archived</Badge>
                  </Show>
                </div>
                <h1 class="truncate text-xl">{summary().project.name}</h1>
              </div>
              <Show when={iMay('label') && !summary().project.archived && summary().tasks > 0}>
                <LinkButton kind="primary" href={`/label/${summary().project.id}`}>
                  <Play size={14} fill="currentColor" aria-hidden="true" />
                  Label
                </LinkButton>
              </Show>
            </div>
            <Show when={open().length > 0}>
              <nav aria-label="Project" class="-mb-px flex gap-1 overflow-x-auto pt-2 sm:-ml-3">
                <For each={open()}>
                  {(tab) => {
                    const current = () => location.pathname.replace(/\/$/, '') === base() + tab.path;
                    return (
                      <A
                        href={base() + tab.path}
                        ref={(link) => {
                          // On a phone the row is wider than the window: the tab one is on is in sight.
                          createEffect(
                            () => current() && link.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
                          );
                        }}
                        aria-current={current() ? 'page' : undefined}
                        class={cx(
                          'border-b-2 px-3 py-2 font-medium whitespace-nowrap outline-offset-[-3px] transition-colors',
                          current()
                            ? 'border-accent text-ink'
                            : 'border-transparent text-ink-2 hover:text-ink',
                        )}
                      >
                        {tab.label}
                      </A>
                    );
                  }}
                </For>
              </nav>
            </Show>
          </header>
          <ErrorBoundary fallback={(error, reset) => <Failed error={error} reset={reset} />}>
            <Suspense>
              <Show when={allowed()} fallback={<NotForYou />}>
                {props.children}
              </Show>
            </Suspense>
          </ErrorBoundary>
        </ProjectContext.Provider>
      )}
    </Show>
  );
}
