import { Show } from 'solid-js';
import { inWords } from '../../lib/project-draft.ts';
import { Button } from '../../ui/button.tsx';
import type { ProjectEditor } from './project-editor.ts';

/** Stands at the window's foot while something is not saved. */
export function SaveBar(props: { editor: ProjectEditor }) {
  return (
    <Show when={props.editor.changed().length > 0 && props.editor.conflict() === null}>
      <div class="sticky bottom-4 z-10 flex animate-pop flex-wrap items-center gap-2 rounded-xl border border-line bg-raised py-2 pr-2 pl-4 shadow-pop">
        <p class="min-w-0 flex-1 basis-60 text-sm">
          <Show
            when={props.editor.obstacle()}
            fallback={
              <>
                <strong class="font-semibold">Not saved:</strong> {inWords(props.editor.changed())}
              </>
            }
          >
            {(text) => <span class="font-medium text-danger-ink">{text()}</span>}
          </Show>
        </p>
        <Button kind="quiet" onClick={props.editor.discard}>
          Discard
        </Button>
        <Button
          kind="primary"
          type="submit"
          busy={props.editor.busy()}
          disabled={props.editor.obstacle() !== null}
        >
          Save changes
        </Button>
      </div>
    </Show>
  );
}
