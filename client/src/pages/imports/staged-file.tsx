import type { Modality } from '@concord/core/modalities/modality';
import type { Encoding } from '@concord/core/records/import';
import FileText from 'lucide-solid/icons/file-text';
import X from 'lucide-solid/icons/x';
import { createMemo, For, Show } from 'solid-js';
import { bytes } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { Notice, Skeleton } from '../../ui/states.tsx';
import type { Preview, Staged } from './staged.ts';

const notMapped = '';
const rowsShown = 4;
const cellCharacters = 160;

const formatNames: Record<string, string> = {
  csv: 'CSV',
  tsv: 'TSV',
  json: 'JSON',
  jsonl: 'JSON lines',
  text: 'Text',
  image: 'Picture',
  zip: 'Zip',
  'label-studio': 'Label Studio JSON',
};

const encodings: readonly { value: Encoding; label: string }[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Windows-1252' },
  { value: 'utf-16', label: 'UTF-16' },
];

/** A chosen file: what the server understood of it, which column fills which field, and its first rows. */
export function StagedFile(props: {
  file: Staged;
  fields: Modality['fields'];
  onMap: (mapping: Record<string, string>) => void;
  onEncoding: (encoding: Encoding) => void;
  onRemove: () => void;
}) {
  const preview = createMemo((): Preview | null => {
    const p = props.file.preview;
    return p !== null && !('failure' in p) ? p : null;
  });
  const failure = () => {
    const p = props.file.preview;
    return p !== null && 'failure' in p ? p.failure : null;
  };
  /** An archive may hold texts, too; pictures have no encoding. */
  const isText = () => preview() !== null && preview()!.format !== 'image';
  const missing = () =>
    preview() && preview()!.columns.length > 0
      ? props.fields.filter((f) => f.required && !props.file.mapping[f.key]).map((f) => f.key)
      : [];
  function map(field: string, column: string): void {
    const { [field]: _, ...rest } = props.file.mapping;
    props.onMap(column === notMapped ? rest : { ...rest, [field]: column });
  }

  return (
    <article class="card p-4" aria-label={props.file.name}>
      <header class="flex flex-wrap items-center gap-x-2.5 gap-y-2">
        <FileText size={17} class="shrink-0 text-ink-3" aria-hidden="true" />
        <h3 class="min-w-0 truncate text-base">{props.file.name}</h3>
        <span class="shrink-0 text-sm text-ink-3">{bytes(props.file.bytes.size)}</span>
        <Show when={preview()}>{(p) => <Badge>{formatNames[p().format] ?? p().format}</Badge>}</Show>
        <Show when={failure() !== null || isText()}>
          <span class="ml-auto w-36 shrink-0">
            <Select
              label={`Encoding of ${props.file.name}`}
              value={props.file.encoding}
              options={[...encodings]}
              onChange={(value) => props.onEncoding(value as Encoding)}
            />
          </span>
        </Show>
        <IconButton
          label={`Leave ${props.file.name} out`}
          size="sm"
          class={isText() || failure() !== null ? '' : 'ml-auto'}
          onClick={props.onRemove}
        >
          <X size={15} aria-hidden="true" />
        </IconButton>
      </header>
      <Show when={failure()}>
        {(text) => (
          <div class="mt-3">
            <Notice tone="danger">{text()}</Notice>
          </div>
        )}
      </Show>
      <Show when={props.file.preview === null}>
        <Skeleton class="mt-3 h-48 w-full" />
      </Show>
      <Show when={preview() && preview()!.columns.length > 0 && props.fields.length > 0}>
        <div class="mt-3 flex flex-wrap items-end gap-x-5 gap-y-3">
          <For each={props.fields}>
            {(field) => (
              <div class="flex min-w-40 flex-col gap-1">
                <span class="text-sm font-medium">
                  {field.key}
                  <Show when={!field.required}>
                    <span class="ml-1.5 font-normal text-ink-3">optional</span>
                  </Show>
                </span>
                <Select
                  label={`Column for ${field.key}`}
                  value={props.file.mapping[field.key] ?? notMapped}
                  options={[
                    { value: notMapped, label: field.required ? 'Choose a column…' : 'None' },
                    ...preview()!.columns.map((c) => ({ value: c, label: c })),
                  ]}
                  onChange={(column) => map(field.key, column)}
                />
              </div>
            )}
          </For>
          <p class="pb-2 text-sm text-ink-3">
            All other columns are kept beside each task; whoever labels sees only those that the settings
            name.
          </p>
        </div>
      </Show>
      <Show when={missing().length > 0}>
        <p role="alert" class="mt-2 text-sm font-medium text-danger-ink">
          Say which column holds {missing().join(' and ')}; otherwise every row would be refused.
        </p>
      </Show>
      <Show when={preview() && preview()!.rows.length > 0}>
        <Rows preview={preview()!} mapping={props.file.mapping} />
      </Show>
      <Show when={(preview()?.problems.length ?? 0) > 0}>
        <ul class="mt-2 text-sm text-warn-ink">
          <For each={preview()!.problems.slice(0, 3)}>{(problem) => <li>{problem}</li>}</For>
        </ul>
      </Show>
    </article>
  );
}

function Rows(props: { preview: Preview; mapping: Readonly<Record<string, string>> }) {
  const used = (column: string) => Object.entries(props.mapping).find(([, c]) => c === column)?.[0];
  const text = (value: unknown) =>
    (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, cellCharacters);
  return (
    <div class="mt-3 overflow-x-auto rounded-md border border-line">
      <table class="w-full text-sm" aria-label="First rows">
        <thead class="border-b border-line bg-sunken text-left">
          <tr>
            <For each={props.preview.columns}>
              {(column) => (
                <th scope="col" class="px-3 py-1.5 text-xs font-medium whitespace-nowrap text-ink-2">
                  {column}
                  <Show when={used(column)}>
                    {(field) => <span class="ml-1.5 text-accent-ink">→ {field()}</span>}
                  </Show>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody class="divide-y divide-line">
          <For each={props.preview.rows.slice(0, rowsShown)}>
            {(row) => (
              <tr>
                <For each={props.preview.columns}>
                  {(column) => (
                    <td
                      class={
                        used(column)
                          ? 'max-w-96 truncate px-3 py-1.5'
                          : 'max-w-60 truncate px-3 py-1.5 text-ink-3'
                      }
                    >
                      {text(row[column])}
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}
