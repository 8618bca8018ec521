import type { ImportJob } from '@concord/core/records/import';
import { A } from '@solidjs/router';
import CircleAlert from 'lucide-solid/icons/circle-alert';
import CircleCheck from 'lucide-solid/icons/circle-check';
import Download from 'lucide-solid/icons/download';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import { addressOf } from '../../api/index.ts';
import { ago, bytes, count, dateTime, duration } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { IconButton, LinkButton, Spinner } from '../../ui/button.tsx';
import { Progress } from '../../ui/progress.tsx';
import { cameToNothing, dismissUpload, type Upload } from './uploads.ts';

/** A file the server has no job for yet, or refused as a whole. */
export function UploadRow(props: { upload: Upload }) {
  return (
    <Show when={props.upload.state !== 'sending'}>
      <li class="flex items-center gap-3 px-4 py-3">
        <Show
          when={props.upload.state === 'failed'}
          fallback={<span class="text-sm text-ink-3">Waiting</span>}
        >
          <CircleAlert size={17} class="shrink-0 text-danger-ink" aria-hidden="true" />
        </Show>
        <span class="min-w-0 flex-1">
          <span class="block truncate font-medium">{props.upload.name}</span>
          <Show when={props.upload.failure}>
            <span class="block text-sm text-danger-ink">{props.upload.failure}</span>
          </Show>
        </span>
        <Show when={props.upload.state === 'failed'}>
          <IconButton label="Dismiss" size="sm" onClick={() => dismissUpload(props.upload.id)}>
            <X size={15} aria-hidden="true" />
          </IconButton>
        </Show>
      </li>
    </Show>
  );
}

/** One import: how far it is, what came of it, and every row that was refused. */
export function JobRow(props: { job: ImportJob }) {
  const share = () => {
    const { bytesRead, bytesTotal } = props.job;
    return bytesTotal ? Math.min(1, bytesRead / bytesTotal) : null;
  };
  return (
    <li class="px-4 py-3">
      <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Status job={props.job} />
        <span class="min-w-0 flex-1 basis-40">
          <span class="block truncate font-medium">{props.job.file}</span>
          <span class="block text-sm text-ink-3" title={dateTime(props.job.startedAt)}>
            {ago(props.job.startedAt, now())}
            <Show when={props.job.endedAt}>
              {(end) => <> · took {duration(Math.max(1, end() - props.job.startedAt))}</>}
            </Show>
            <Show when={props.job.bytesRead > 0}> · {bytes(props.job.bytesRead)}</Show>
          </span>
        </span>
        <span class="text-sm text-ink-2 tabular-nums">
          {count(props.job.added)} new · {count(props.job.duplicates)} there already ·{' '}
          {count(props.job.labelled)} with labels · {count(props.job.errorCount)} refused
        </span>
        <Show when={props.job.added > 0}>
          <A
            class="text-sm font-medium text-accent-ink hover:underline"
            href={`/projects/${props.job.projectId}/data`}
          >
            See tasks
          </A>
        </Show>
      </div>
      <Show when={props.job.status === 'running'}>
        <Progress class="mt-2.5" label={`Importing ${props.job.file}`} value={share()} />
      </Show>
      <Show when={props.job.failure}>
        <p class="mt-1.5 text-sm text-danger-ink">{props.job.failure}</p>
      </Show>
      <Show when={props.job.status === 'interrupted'}>
        <p class="mt-1.5 text-sm text-warn-ink">
          It was cut short. What came in stays; import the same file again to bring the rest.
        </p>
      </Show>
      <Show when={props.job.errors.length > 0}>
        <Refused job={props.job} />
      </Show>
    </li>
  );
}

function Status(props: { job: ImportJob }) {
  return (
    <Show
      when={props.job.status !== 'running'}
      fallback={
        <span class="text-accent">
          <Spinner size={17} />
        </span>
      }
    >
      <Show
        when={props.job.status === 'done'}
        fallback={<CircleAlert size={17} class="text-danger-ink" aria-label={props.job.status} />}
      >
        <CircleCheck
          size={17}
          class={props.job.errorCount > 0 || cameToNothing(props.job) ? 'text-warn' : 'text-accent'}
          aria-label={
            cameToNothing(props.job)
              ? 'Done, but nothing came in'
              : props.job.errorCount > 0
                ? 'Done, with refused rows'
                : 'Done'
          }
        />
      </Show>
    </Show>
  );
}

const shownAtMost = 50;

function Refused(props: { job: ImportJob }) {
  const value = (v: unknown) => (v === undefined ? '' : typeof v === 'string' ? v : JSON.stringify(v));
  return (
    <details class="mt-2">
      <summary class="w-fit rounded-sm text-sm font-medium text-ink-2 hover:text-ink">
        {count(props.job.errorCount)} refused {props.job.errorCount === 1 ? 'row' : 'rows'} and why
      </summary>
      <div class="mt-2 overflow-x-auto rounded-md border border-line">
        <table class="w-full text-sm" aria-label="Refused rows">
          <thead class="border-b border-line bg-sunken text-left text-xs text-ink-2">
            <tr>
              <th scope="col" class="px-3 py-1.5 font-medium">
                Row
              </th>
              <th scope="col" class="px-3 py-1.5 font-medium">
                Field
              </th>
              <th scope="col" class="px-3 py-1.5 font-medium">
                What is wrong
              </th>
              <th scope="col" class="px-3 py-1.5 font-medium">
                Found
              </th>
              <th scope="col" class="px-3 py-1.5 font-medium">
                What helps
              </th>
            </tr>
          </thead>
          <tbody class="divide-y divide-line">
            <For each={props.job.errors.slice(0, shownAtMost)}>
              {(error) => (
                <tr>
                  <td class="px-3 py-1.5 whitespace-nowrap tabular-nums">
                    {error.file ? `${error.file} ` : ''}
                    {error.row > 0 ? error.row : ''}
                    {error.until === undefined ? '' : `–${error.until}`}
                  </td>
                  <td class="px-3 py-1.5 whitespace-nowrap text-ink-3">{error.path}</td>
                  <td class="px-3 py-1.5">{error.message}</td>
                  <td class="max-w-48 truncate px-3 py-1.5 font-mono text-xs text-ink-3">
                    {value(error.value)}
                  </td>
                  <td class="px-3 py-1.5 text-ink-2">{error.remedy}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <div class="mt-2 flex items-center gap-3 text-sm text-ink-3">
        <LinkButton size="sm" download href={addressOf('imports.errors', { import: props.job.id }).url}>
          <Download size={14} aria-hidden="true" />
          All of them as a file
        </LinkButton>
        <Show when={props.job.errorCount > shownAtMost}>The first {shownAtMost} are shown.</Show>
      </div>
    </details>
  );
}
