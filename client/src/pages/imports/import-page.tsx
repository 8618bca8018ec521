import { createAsyncStore, revalidate } from '@solidjs/router';
import Upload from 'lucide-solid/icons/upload';
import { createResource, createSignal, For, Show } from 'solid-js';
import { messageOf } from '../../api/index.ts';
import { createThrottle, useTopic } from '../../live/index.ts';
import { readImports } from '../../reads/queries.ts';
import { useProject } from '../../shell/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { DropZone } from './drop-zone.tsx';
import { JobRow, UploadRow } from './job-row.tsx';
import { look, type Staged, stage } from './staged.ts';
import { StagedFile } from './staged-file.tsx';
import { allUploads, upload } from './uploads.ts';

/** Files in: choose, check what was understood, send, watch, see which rows were refused and why. */
export function ImportPage() {
  const { summary } = useProject();
  const id = () => summary().project.id;
  const jobs = createAsyncStore(() => readImports(id()));
  const again = createThrottle(() => void revalidate(readImports.key), 500);
  useTopic(() => `imports:${id()}`, again, again);
  const [modality] = createResource(
    () => summary().project.schema.modality,
    async (name) => (await import('../../lib/modalities.ts')).modalities.get(name),
  );
  const [staged, setStaged] = createSignal<readonly Staged[]>([]);
  const uploads = () => allUploads().filter((u) => u.project === id());
  const required = () => (modality()?.fields ?? []).filter((f) => f.required).map((f) => f.key);
  /** Understood, and every field that must have a column has one. */
  const sendable = () =>
    staged().filter((f) => {
      if (f.preview === null || 'failure' in f.preview) return false;
      return f.preview.columns.length === 0 || required().every((key) => f.mapping[key] !== undefined);
    });

  const patch = (file: number, change: Partial<Staged>) =>
    setStaged((all) => all.map((f) => (f.id === file ? { ...f, ...change } : f)));
  async function lookAt(file: Staged): Promise<void> {
    const preview = await look(id(), file);
    // Another encoding may have been chosen meanwhile.
    if (staged().find((f) => f.id === file.id)?.encoding !== file.encoding) return;
    patch(file.id, { preview, mapping: 'failure' in preview ? {} : preview.mapping });
  }
  async function add(files: readonly File[]): Promise<void> {
    try {
      const fresh = await stage(files);
      setStaged((all) => [...all, ...fresh]);
      await Promise.all(fresh.map(lookAt));
    } catch (error) {
      showToast('error', messageOf(error));
    }
  }
  function send(files: readonly Staged[]): void {
    for (const file of files) {
      const preview = file.preview;
      const columns = preview !== null && !('failure' in preview) && preview.columns.length > 0;
      // Only a choice that differs from the server's own guess has to be said.
      const same = columns && JSON.stringify(file.mapping) === JSON.stringify(preview.mapping);
      upload(id(), file, columns && !same ? file.mapping : null);
    }
    setStaged((all) => all.filter((f) => !files.includes(f)));
  }
  const history = () => jobs()?.items ?? [];

  return (
    <Page>
      <DropZone
        small={staged().length > 0 || history().length > 0}
        images={modality()?.asset === 'image'}
        onFiles={(files) => void add(files)}
      />
      <Show when={staged().length > 0}>
        <section class="mt-5" aria-label="Files to import">
          <ul class="flex flex-col gap-3">
            <For each={staged()}>
              {(file) => (
                <li>
                  <StagedFile
                    file={file}
                    fields={modality()?.fields ?? []}
                    onMap={(mapping) => patch(file.id, { mapping })}
                    onEncoding={(encoding) => {
                      patch(file.id, { encoding });
                      void lookAt({ ...file, encoding });
                    }}
                    onRemove={() => setStaged((all) => all.filter((f) => f.id !== file.id))}
                  />
                </li>
              )}
            </For>
          </ul>
          <div class="mt-3 flex justify-end gap-2">
            <Button kind="quiet" onClick={() => setStaged([])}>
              Discard
            </Button>
            <Button kind="primary" disabled={sendable().length === 0} onClick={() => send(sendable())}>
              <Upload size={15} aria-hidden="true" />
              {sendable().length > 1 ? `Import ${sendable().length} files` : 'Import'}
            </Button>
          </div>
        </section>
      </Show>
      <section class="mt-7" aria-labelledby="imports-title">
        <h2 id="imports-title" class="mb-2 text-base">
          Imports
        </h2>
        <ul class="card divide-y divide-line">
          <For each={uploads()}>{(item) => <UploadRow upload={item} />}</For>
          <For
            each={history()}
            fallback={
              <Show when={jobs() && uploads().length === 0}>
                <EmptyState title="Nothing imported yet" class="py-9">
                  What you bring in is listed here, with every row that was refused and why.
                </EmptyState>
              </Show>
            }
          >
            {(job) => <JobRow job={job} />}
          </For>
        </ul>
      </section>
    </Page>
  );
}
