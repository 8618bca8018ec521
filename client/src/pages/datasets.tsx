import { createAsync, revalidate } from '@solidjs/router';
import GitCommitHorizontal from 'lucide-solid/icons/git-commit-horizontal';
import { For, Show } from 'solid-js';
import { apiBase } from '../api/index.ts';
import { createThrottle, useTopic } from '../live/index.ts';
import { readCommits } from '../reads/queries.ts';
import { useProject } from '../shell/project-context.ts';
import { iMay } from '../shell/session.ts';
import { LinkButton } from '../ui/button.tsx';
import { Page, Section } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';
import { CommitRow } from './commit-row.tsx';

const formats = [
  { format: 'parquet', label: 'Parquet' },
  { format: 'csv', label: 'CSV' },
  { format: 'jsonl', label: 'JSON lines' },
  { format: 'json', label: 'JSON' },
  { format: 'label-studio', label: 'Label Studio JSON' },
] as const;

/** The versions of a project's dataset: what each brought, and every version as a file. */
export function Datasets() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const commits = createAsync(() => readCommits(id(), 'main'));
  const again = createThrottle(() => void revalidate(readCommits.key), 500);
  useTopic(() => `datasets:${id()}`, again, again);
  const address = (format: string, at: string) =>
    `${apiBase}/datasets/${id()}/export?format=${format}&at=${at}`;

  return (
    <Page>
      <Show when={commits()}>
        {(list) => (
          <Show when={list().items.length > 0} fallback={<NoVersion />}>
            <Section
              title="Export the newest version"
              note="with everybody’s answers, the agreement, and how each item was settled"
              class="mb-6"
            >
              <div class="flex flex-wrap gap-2">
                <For each={formats}>
                  {(choice) => (
                    <LinkButton external download href={address(choice.format, 'main')}>
                      {choice.label}
                    </LinkButton>
                  )}
                </For>
              </div>
            </Section>
            <h2 class="mb-2 text-base">Versions</h2>
            <ol class="flex flex-col gap-2" data-testid="commits">
              <For each={list().items}>
                {(commit) => (
                  <CommitRow project={id()} commit={commit} download={address('jsonl', commit.id)} />
                )}
              </For>
            </ol>
          </Show>
        )}
      </Show>
    </Page>
  );
}

function NoVersion() {
  const { summary } = useProject();
  return (
    <div class="card">
      <EmptyState
        icon={<GitCommitHorizontal size={20} aria-hidden="true" />}
        title="No version yet"
        action={
          <Show when={iMay('label') && summary().open > 0}>
            <LinkButton kind="primary" href={`/label/${summary().project.id}`}>
              Label
            </LinkButton>
          </Show>
        }
      >
        As soon as an item is settled, a version with it appears here, ready to export.
      </EmptyState>
    </div>
  );
}
