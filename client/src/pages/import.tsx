import { createAsync, revalidate } from '@solidjs/router';
import { createSignal, For, Show } from 'solid-js';
import { apiBase, messageOf } from '../api/index.ts';
import { ago, count } from '../lib/format.ts';
import { now } from '../lib/now.ts';
import { createThrottle, useTopic } from '../live/index.ts';
import { readImports } from '../reads/queries.ts';
import { useProject } from '../shell/project-context.ts';
import { Button } from '../ui/button.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Progress } from '../ui/progress.tsx';
import { EmptyState } from '../ui/states.tsx';
import { showToast } from '../ui/toast.tsx';

/** Files in: drop them, watch them go, see which rows were refused and why. */
export function ImportPage() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const jobs = createAsync(() => readImports(id()));
  const [over, setOver] = createSignal(false);
  const [busy, setBusy] = createSignal(0);
  let picker!: HTMLInputElement;
  const again = createThrottle(() => void revalidate(readImports.key), 500);
  useTopic(() => `imports:${id()}`, again, again);

  async function send(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      setBusy((n) => n + 1);
      try {
        const answer = await fetch(
          `${apiBase}/projects/${id()}/imports?name=${encodeURIComponent(file.name)}`,
          {
            method: 'POST',
            headers: { 'content-type': 'application/octet-stream', 'x-concord': '1' },
            body: file,
          },
        );
        const body = (await answer.json()) as {
          detail?: string;
          added?: number;
          duplicates?: number;
          errorCount?: number;
        };
        if (!answer.ok) showToast('error', `${file.name}: ${body.detail}`);
        else
          showToast(
            'ok',
            `${file.name}: ${count(body.added ?? 0)} new, ${count(body.duplicates ?? 0)} there already, ${count(body.errorCount ?? 0)} refused`,
          );
      } catch (error) {
        showToast('error', `${file.name}: ${messageOf(error)}`);
      } finally {
        setBusy((n) => n - 1);
        await revalidate(readImports.key);
      }
    }
  }

  return (
    <Page>
      <section
        aria-label="Drop files here"
        class="card mb-4 flex flex-col items-center gap-3 border-2 border-dashed p-10 text-center"
        classList={{ 'border-accent bg-accent-soft': over() }}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          void send(e.dataTransfer?.files ?? []);
        }}
      >
        <p class="text-lg">Drop files here</p>
        <p class="max-w-prose text-ink-2">
          CSV, TSV, JSON, JSONL, text, PNG, JPEG, WebP, a zip of them, or Label Studio JSON with its labels.
          Columns are found by name; others are kept beside each item.
        </p>
        <input
          ref={picker}
          type="file"
          multiple
          class="sr-only"
          aria-label="Files to import"
          onChange={(e) => void send(e.currentTarget.files ?? [])}
        />
        <Button kind="primary" busy={busy() > 0} onClick={() => picker.click()}>
          Choose files
        </Button>
      </section>
      <Section title="Imports">
        <ul class="flex flex-col divide-y divide-line">
          <For
            each={jobs()?.items ?? []}
            fallback={
              <EmptyState title="Nothing imported yet">
                What you bring in is listed here, with every row that was refused.
              </EmptyState>
            }
          >
            {(job) => (
              <li class="py-3">
                <div class="flex flex-wrap items-baseline gap-x-4">
                  <span class="font-medium">{job.file}</span>
                  <span class="text-sm text-ink-3">{ago(job.startedAt, now())}</span>
                  <span class="flex-1" />
                  <span class="text-sm tabular-nums">
                    {count(job.added)} new · {count(job.duplicates)} there already · {count(job.labelled)}{' '}
                    with labels · {count(job.errorCount)} refused
                  </span>
                </div>
                <Show when={job.status === 'running'}>
                  <Progress
                    class="mt-2"
                    label={`Importing ${job.file}`}
                    value={job.bytesTotal ? Math.min(1, job.bytesRead / job.bytesTotal) : null}
                  />
                </Show>
                <Show when={job.failure}>
                  <p class="mt-1 text-danger-ink">{job.failure}</p>
                </Show>
                <Show when={job.errors.length > 0}>
                  <details class="mt-2">
                    <summary class="cursor-pointer text-sm text-accent-ink">Refused rows</summary>
                    <ul class="mt-2 flex flex-col gap-1 text-sm">
                      <For each={job.errors.slice(0, 50)}>
                        {(e) => (
                          <li>
                            <span class="text-ink-3">
                              {e.file ? `${e.file}, ` : ''}row {e.row}, {e.path}:
                            </span>{' '}
                            {e.message}. {e.remedy}
                          </li>
                        )}
                      </For>
                    </ul>
                    <a
                      class="mt-2 inline-block text-sm text-accent-ink"
                      href={`${apiBase}/imports/${job.id}/errors`}
                      download=""
                    >
                      All of them as a file
                    </a>
                  </details>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Section>
    </Page>
  );
}
