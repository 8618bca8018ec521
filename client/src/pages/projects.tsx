import type { ProjectSummary } from '@concord/core/protocol/resources';
import { A, createAsync, revalidate, useSearchParams } from '@solidjs/router';
import FolderPlus from 'lucide-solid/icons/folder-plus';
import Play from 'lucide-solid/icons/play';
import Plus from 'lucide-solid/icons/plus';
import { createMemo, For, Show } from 'solid-js';
import { count, percent, plural } from '../lib/format.ts';
import { modalityLook } from '../lib/modality-look.ts';
import { createThrottle, useLiveSummary, useTopic } from '../live/index.ts';
import { readProjects } from '../reads/queries.ts';
import { iMay } from '../shell/session.ts';
import { LinkButton } from '../ui/button.tsx';
import { Checkbox } from '../ui/field.tsx';
import { Page, PageHeader } from '../ui/page.tsx';
import { StackedBar } from '../ui/progress.tsx';
import { EmptyState } from '../ui/states.tsx';
import { Samples } from './samples.tsx';

export function Projects() {
  const [search, setSearch] = useSearchParams();
  const archived = () => search['archived'] === 'true';
  const list = createAsync(() => readProjects(archived()));
  const items = () => list()?.items ?? [];
  const again = createThrottle(() => void revalidate(readProjects.key), 2000);
  // Leads hear of new projects; every card follows its own figures.
  useTopic(
    () => (iMay('manage-projects') ? 'projects' : undefined),
    (update) => {
      if (update.kind === 'project' && !items().some((s) => s.project.id === update.project.project.id))
        again();
    },
    again,
  );
  const waiting = createMemo(() => items().find((s) => !s.project.archived && s.open > 0));

  return (
    <Page>
      <PageHeader
        title={archived() ? 'Archived projects' : 'Projects'}
        description={<Show when={items().length > 0}>{plural(items().length, 'project')}</Show>}
        actions={
          <Show when={iMay('manage-projects') && (items().length > 0 || archived())}>
            <Checkbox
              label="Archived"
              checked={archived()}
              onChange={(on) => setSearch({ archived: on ? 'true' : null })}
            />
            <LinkButton kind="primary" href="/new" class="ml-3">
              <Plus size={16} aria-hidden="true" />
              New project
            </LinkButton>
          </Show>
        }
      />
      <Show when={!archived() && iMay('label') && waiting()}>
        {(summary) => <Continue summary={summary()} />}
      </Show>
      <Show when={list()}>
        <Show when={items().length > 0} fallback={<NoProjects archived={archived()} />}>
          <ul class="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
            <For each={items()}>{(summary) => <ProjectCard summary={summary} />}</For>
          </ul>
        </Show>
        <Show when={!archived() && iMay('manage-projects')}>
          <Samples welcome={items().length === 0} />
        </Show>
      </Show>
    </Page>
  );
}

/** The first thing a labeller sees: on with the work. */
function Continue(props: { summary: ProjectSummary }) {
  const live = useLiveSummary(() => props.summary);
  const summary = () => live() ?? props.summary;
  return (
    <section class="card mb-6 flex flex-wrap items-center gap-x-6 gap-y-3 border-l-4 border-l-accent px-5 py-4">
      <div class="min-w-0 flex-1 basis-64">
        <p class="text-sm text-ink-3">Work is waiting</p>
        <h2 class="truncate text-lg">{summary().project.name}</h2>
        <p class="text-sm text-ink-2 tabular-nums">{plural(summary().open, 'open task')}</p>
      </div>
      <LinkButton kind="primary" size="lg" href={`/label/${summary().project.id}`}>
        <Play size={16} fill="currentColor" aria-hidden="true" />
        Continue labelling
      </LinkButton>
    </section>
  );
}

function ProjectCard(props: { summary: ProjectSummary }) {
  const live = useLiveSummary(() => props.summary);
  const s = () => live() ?? props.summary;
  const look = () => modalityLook(s().project.schema.modality);
  const done = () => (s().tasks === 0 ? null : s().finalized / s().tasks);
  return (
    <li class="card group relative flex flex-col p-4 transition-[border-color,box-shadow] hover:border-line-strong has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <div class="flex items-center gap-2 text-sm text-ink-3">
        {look().icon({ size: 15, 'aria-hidden': 'true' })}
        {look().title}
        <span class="ml-auto font-medium text-ink-2 tabular-nums">{percent(done())}</span>
      </div>
      <h2 class="mt-1 truncate text-md">
        <A
          href={`/projects/${s().project.id}`}
          class="outline-none after:absolute after:inset-0 after:rounded-lg"
        >
          {s().project.name}
        </A>
      </h2>
      <p class="mt-0.5 line-clamp-2 min-h-[2.5rem] text-sm text-ink-2">{s().project.description}</p>
      <StackedBar
        class="mt-3 h-1.5"
        label="Tasks"
        parts={[
          { label: 'settled', count: s().finalized, color: 'var(--accent)' },
          { label: 'disputed', count: s().disputed, color: 'var(--warn)' },
          { label: 'open', count: s().open, color: 'var(--line)' },
        ]}
      />
      <dl class="mt-2.5 flex gap-4 text-sm tabular-nums">
        <Figure name="Tasks" value={s().tasks} />
        <Figure name="Settled" value={s().finalized} />
        <Figure name="Disputed" value={s().disputed} warn={s().disputed > 0} />
        <Figure name="Answers" value={s().submissions} />
      </dl>
    </li>
  );
}

function Figure(props: { name: string; value: number; warn?: boolean }) {
  return (
    <div>
      <dt class="text-xs text-ink-3">{props.name}</dt>
      <dd class={props.warn ? 'font-medium text-warn-ink' : 'font-medium'}>{count(props.value)}</dd>
    </div>
  );
}

function NoProjects(props: { archived: boolean }) {
  return (
    <Show
      when={!props.archived}
      fallback={
        <EmptyState title="Nothing is archived">Archive a finished project in its settings.</EmptyState>
      }
    >
      <div class="card">
        <EmptyState
          icon={<FolderPlus size={20} aria-hidden="true" />}
          title={iMay('manage-projects') ? 'Start your first project' : 'No projects yet'}
          action={
            <Show when={iMay('manage-projects')}>
              <LinkButton kind="primary" href="/new">
                <Plus size={16} aria-hidden="true" />
                New project
              </LinkButton>
            </Show>
          }
        >
          {iMay('manage-projects')
            ? 'Choose what is labelled and with which classes, import your data, invite your team. Or look around in a sample first.'
            : 'A lead has to set one up. It appears here by itself when you reload.'}
        </EmptyState>
      </div>
    </Show>
  );
}
