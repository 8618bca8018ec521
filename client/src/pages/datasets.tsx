import { createAsync, revalidate } from '@solidjs/router';
import GitCommitHorizontal from 'lucide-solid/icons/git-commit-horizontal';
import { createSignal, For, Show } from 'solid-js';
import { apiBase } from '../api/index.ts';
import { ago, count, plural } from '../lib/format.ts';
import { now } from '../lib/now.ts';
import { createThrottle, useTopic } from '../live/index.ts';
import { readCommits, readDiff } from '../reads/queries.ts';
import { useProject } from '../shell/project-context.ts';
import { iMay } from '../shell/session.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Page, Section } from '../ui/page.tsx';
import { EmptyState } from '../ui/states.tsx';

const formats = ['parquet', 'csv', 'jsonl', 'json', 'label-studio'] as const;

/** The versions of a project's dataset: what each brought, and every version as a file. */
export function Datasets() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const commits = createAsync(() => readCommits(id(), 'main'));
  const [shown, setShown] = createSignal<{ from: string; to: string } | null>(null);
  const diff = createAsync(async () => {
    const pair = shown();
    return pair === null ? null : readDiff(id(), pair.from, pair.to);
  });
  const again = createThrottle(() => void revalidate(readCommits.key), 500);
  useTopic(() => `datasets:${id()}`, again, again);
  const address = (format: string, at: string) =>
    `${apiBase}/datasets/${id()}/export?format=${format}&at=${at}`;

  return (
    <Page>
      <Show when={commits()}>
        {(list) => (
          <Show
            when={list().items.length > 0}
            fallback={
              <div class="card">
                <EmptyState
                  icon={<GitCommitHorizontal size={20} aria-hidden="true" />}
                  title="No version yet"
                  action={
                    <Show when={iMay('label') && summary().open > 0}>
                      <LinkButton kind="primary" href={`/label/${id()}`}>
                        Label
                      </LinkButton>
                    </Show>
                  }
                >
                  As soon as an item is settled, a version with it appears here, ready to export.
                </EmptyState>
              </div>
            }
          >
            <Section title="Export the newest version" class="mb-4">
              <div class="flex flex-wrap gap-2">
                <For each={formats}>
                  {(format) => (
                    <LinkButton external download href={address(format, 'main')}>
                      {format}
                    </LinkButton>
                  )}
                </For>
              </div>
            </Section>
            <ol class="flex flex-col gap-2" data-testid="commits">
              <For each={list().items}>
                {(commit) => (
                  <li class="card flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
                    <code class="text-sm text-ink-3">{commit.id.slice(0, 10)}</code>
                    <span class="font-medium">{commit.message}</span>
                    <span class="text-sm text-ink-3">
                      {commit.author}, {ago(commit.at, now())}
                    </span>
                    <span class="flex-1" />
                    <span class="text-sm tabular-nums">
                      +{commit.stats.added} ~{commit.stats.changed} −{commit.stats.removed} ·{' '}
                      {count(commit.stats.total)} records
                    </span>
                    <Show when={commit.parents[0]}>
                      {(parent) => (
                        <Button size="sm" onClick={() => setShown({ from: parent(), to: commit.id })}>
                          What changed
                        </Button>
                      )}
                    </Show>
                    <LinkButton size="sm" external download href={address('jsonl', commit.id)}>
                      jsonl
                    </LinkButton>
                    <Show when={shown()?.to === commit.id && diff()}>
                      {(found) => (
                        <ul class="basis-full border-t border-line pt-2 text-sm">
                          <For each={found().records.slice(0, 50)}>
                            {(r) => (
                              <li>
                                <code>{r.key}</code> {r.change}{' '}
                                {r.change === 'changed' ? r.fields.join(', ') : ''}
                              </li>
                            )}
                          </For>
                          <li class="text-ink-3">
                            {plural(found().added + found().changed + found().removed, 'record')} in all
                          </li>
                        </ul>
                      )}
                    </Show>
                  </li>
                )}
              </For>
            </ol>
          </Show>
        )}
      </Show>
    </Page>
  );
}
