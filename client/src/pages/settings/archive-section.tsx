import type { Project } from '@concord/core/records/project';
import { createSignal } from 'solid-js';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Section } from '../../ui/page.tsx';
import { showError, showToast } from '../../ui/toast.tsx';
import { archive } from './project-editor.ts';

/** Sets a finished project aside. Nothing is deleted by it. */
export function ArchiveSection(props: { project: Project }) {
  const [asking, setAsking] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  async function run(archived: boolean): Promise<void> {
    setBusy(true);
    try {
      await archive(props.project.id, archived);
      setAsking(false);
      showToast('ok', archived ? 'The project is archived.' : 'The project is back among the others.');
    } catch (error) {
      showError(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Section title={props.project.archived ? 'Archived' : 'Archive'}>
      <div class="flex flex-wrap items-center gap-x-6 gap-y-3">
        <p class="min-w-0 flex-1 basis-72 text-ink-2">
          {props.project.archived
            ? 'Nobody is given its tasks. Data, labels and versions are all there.'
            : 'An archived project leaves the lists and nobody is given its tasks. Nothing is deleted, and it can come back.'}
        </p>
        <Button busy={busy()} onClick={() => (props.project.archived ? void run(false) : setAsking(true))}>
          {props.project.archived ? 'Bring it back' : 'Archive this project'}
        </Button>
      </div>
      <Dialog
        open={asking()}
        onClose={() => setAsking(false)}
        title={`Archive “${props.project.name}”?`}
        description="It leaves the lists, and people who label in it now are sent home after their task."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button kind="primary" busy={busy()} onClick={() => void run(true)}>
              Archive
            </Button>
          </>
        }
      />
    </Section>
  );
}
