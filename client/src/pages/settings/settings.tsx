import type { ProjectSummary } from '@concord/core/protocol/resources';
import { createAsync } from '@solidjs/router';
import { Show } from 'solid-js';
import type { Tagged } from '../../api/index.ts';
import { readProject } from '../../reads/queries.ts';
import { useProject } from '../../shell/project-context.ts';
import { Page } from '../../ui/page.tsx';
import { ArchiveSection } from './archive-section.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import { createProjectEditor } from './project-editor.ts';
import { RulesSection } from './rules-section.tsx';
import { SaveBar } from './save-bar.tsx';
import { GeneralSection, GuidelinesSection, ModelSection, SchemaSection } from './sections.tsx';

/** The label schema, the guidelines and the rules of a project. */
export function Settings() {
  const { summary } = useProject();
  const fetched = createAsync(() => readProject(summary().project.id));
  return (
    <Show when={fetched()?.data.project.id} keyed>
      <Form start={fetched()!} />
    </Show>
  );
}

function Form(props: { start: Tagged<ProjectSummary> }) {
  const { summary } = useProject();
  const editor = createProjectEditor(props.start.data.project, props.start.etag, () => summary().project);
  return (
    <Page width="medium">
      <form
        class="flex flex-col gap-4"
        onSubmit={(e) => {
          e.preventDefault();
          void editor.save();
        }}
      >
        <GeneralSection editor={editor} />
        <SchemaSection editor={editor} tasks={summary().tasks} />
        <GuidelinesSection editor={editor} />
        <RulesSection editor={editor} />
        <ModelSection editor={editor} />
        <ArchiveSection project={summary().project} />
        <ConflictNotice editor={editor} />
        <SaveBar editor={editor} />
      </form>
    </Page>
  );
}
