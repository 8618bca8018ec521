import { Show } from 'solid-js';
import { inWords } from '../../lib/project-draft.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/states.tsx';
import type { ProjectEditor } from './project-editor.ts';

/** Two people changed the same thing: nothing was overwritten, and a person chooses. */
export function ConflictNotice(props: { editor: ProjectEditor }) {
  return (
    <Show when={props.editor.conflict()}>
      {(conflict) => (
        <div class="sticky bottom-4 z-10 animate-pop rounded-md bg-raised shadow-pop">
          <Notice
            tone="warn"
            action={
              <span class="flex flex-wrap gap-2">
                <Button
                  size="sm"
                  busy={props.editor.busy()}
                  onClick={() => void props.editor.settle('theirs')}
                >
                  Take theirs
                </Button>
                <Button
                  size="sm"
                  kind="primary"
                  busy={props.editor.busy()}
                  onClick={() => void props.editor.settle('mine')}
                >
                  Save mine
                </Button>
              </span>
            }
          >
            Somebody else saved {inWords(conflict().both)} while you were editing. Nothing was overwritten.
            Your other changes are kept either way.
          </Notice>
        </div>
      )}
    </Show>
  );
}
