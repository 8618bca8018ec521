import type { CommitSummary } from '@concord/core/protocol/resources';
import { A } from '@solidjs/router';
import { createSignal, For, Show } from 'solid-js';
import { ago, count, dateTime, plural } from '../lib/format.ts';
import { now } from '../lib/now.ts';
import { readDiff } from '../reads/queries.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { showError } from '../ui/toast.tsx';

type Diff = Awaited<ReturnType<typeof readDiff>>;

const shownAtMost = 50;

/** "3 added, 1 changed"; what is nought is left out. */
function statsWords(stats: CommitSummary['stats']): string {
  return (['added', 'changed', 'removed'] as const)
    .filter((kind) => stats[kind] > 0)
    .map((kind) => `${count(stats[kind])} ${kind}`)
    .join(', ');
}

/** A record's key is its task's number, padded, and the task's id. */
const numberOf = (key: string) => Number.parseInt(key, 10);

/** One version: what it brought, as a file, and record by record against the one before. */
export function CommitRow(props: { project: string; commit: CommitSummary; download: string }) {
  const [diff, setDiff] = createSignal<Diff | null>(null);
  const [busy, setBusy] = createSignal(false);
  async function toggle(from: string): Promise<void> {
    if (diff() !== null) {
      setDiff(null);
      return;
    }
    setBusy(true);
    try {
      setDiff(await readDiff(props.project, from, props.commit.id));
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <li class="card px-4 py-3">
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div class="min-w-0 flex-1 basis-60">
          <p class="font-medium">{props.commit.message}</p>
          <p class="text-sm text-ink-3">
            <code>{props.commit.id.slice(0, 10)}</code> ·{' '}
            <time title={dateTime(props.commit.at)}>{ago(props.commit.at, now())}</time>
          </p>
        </div>
        <p class="text-sm text-ink-2 tabular-nums sm:text-right">
          <span class="block">{plural(props.commit.stats.total, 'record')}</span>
          <span class="block text-ink-3">{statsWords(props.commit.stats)}</span>
        </p>
        <div class="flex gap-2">
          <Show when={props.commit.parents[0]}>
            {(parent) => (
              <Button
                size="sm"
                busy={busy()}
                aria-expanded={diff() !== null}
                onClick={() => void toggle(parent())}
              >
                What changed
              </Button>
            )}
          </Show>
          <LinkButton size="sm" external download href={props.download}>
            Download
          </LinkButton>
        </div>
      </div>
      <Show when={diff()}>
        {(found) => {
          const total = () => found().added + found().changed + found().removed;
          return (
            <ul class="mt-3 flex flex-col gap-1 border-t border-line pt-2.5 text-sm">
              <For each={found().records.slice(0, shownAtMost)}>
                {(record) => (
                  <li>
                    <A
                      class="font-medium text-accent-ink hover:underline"
                      href={`/projects/${props.project}/data?from=${numberOf(record.key) - 1}`}
                    >
                      Task {numberOf(record.key)}
                    </A>{' '}
                    {record.change}
                    <Show when={record.change === 'changed'}>: {record.fields.join(', ')}</Show>
                  </li>
                )}
              </For>
              <Show when={total() > shownAtMost}>
                <li class="text-ink-3">and {plural(total() - shownAtMost, 'more record')}</li>
              </Show>
            </ul>
          );
        }}
      </Show>
    </li>
  );
}
