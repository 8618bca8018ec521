import { Show } from 'solid-js';
import { modalityLook } from '../../lib/modality-look.ts';
import { ChoiceCards, Field, Input, Switch, TextArea } from '../../ui/field.tsx';
import { Section } from '../../ui/page.tsx';
import { ClassEditor } from '../schema/class-editor.tsx';
import { MarkdownEditor } from '../schema/markdown-editor.tsx';
import { NumberField } from './number-field.tsx';
import type { ProjectEditor } from './project-editor.ts';

interface Part {
  editor: ProjectEditor;
}

export function GeneralSection(props: Part) {
  return (
    <Section title="Project">
      <div class="grid gap-4">
        <Field label="Name" error={props.editor.error()?.field('name')}>
          {(ids) => (
            <Input
              {...ids}
              maxlength={120}
              value={props.editor.draft.name}
              onInput={(e) => props.editor.set('name', e.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="In a sentence" optional error={props.editor.error()?.field('description')}>
          {(ids) => (
            <Input
              {...ids}
              maxlength={1000}
              value={props.editor.draft.description}
              onInput={(e) => props.editor.set('description', e.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label="Source and licence of the data"
          optional
          hint="Markdown. Shown with the project and carried into exports."
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={2}
              maxlength={5000}
              value={props.editor.draft.attribution}
              onInput={(e) => props.editor.set('attribution', e.currentTarget.value)}
            />
          )}
        </Field>
      </div>
    </Section>
  );
}

export function SchemaSection(props: Part & { tasks: number }) {
  const schema = () => props.editor.draft.schema;
  const reason = () => schema().reason;
  const setReason = (patch: Partial<NonNullable<ReturnType<typeof reason>>>) =>
    props.editor.set('schema', 'reason', {
      ...(reason() ?? { ask: false, required: false, prompt: 'Why?' }),
      ...patch,
    });
  return (
    <Section title="Classes" note={`${modalityLook(schema().modality).title}, version ${schema().version}`}>
      <ClassEditor
        classes={schema().classes}
        onChange={(classes) => props.editor.set('schema', 'classes', classes)}
        fixed={modalityLook(schema().modality).fixedClasses === true}
        serverError={props.editor.error()?.errors.find((e) => e.path.startsWith('schema'))?.message}
      />
      <Show when={props.tasks > 0}>
        <p class="mt-3 text-sm text-ink-3">
          People who are labelling see a change at once. Labels given earlier keep the version they were made
          with.
        </p>
      </Show>
      <div class="mt-4 flex flex-col gap-3 border-t border-line pt-4">
        <Switch
          checked={reason()?.ask ?? false}
          onChange={(ask) => setReason({ ask })}
          label="Ask for a reason"
          hint="A free-text question beside the label. Reasons are exported with each person’s answer."
        />
        <Show when={reason()?.ask}>
          <div class="grid items-end gap-4 sm:ml-12 sm:grid-cols-[minmax(0,1fr)_auto]">
            <Field label="Question">
              {(ids) => (
                <Input
                  {...ids}
                  maxlength={200}
                  value={reason()?.prompt ?? ''}
                  onInput={(e) => setReason({ prompt: e.currentTarget.value })}
                />
              )}
            </Field>
            <div class="pb-1.5">
              <Switch
                checked={reason()?.required ?? false}
                onChange={(required) => setReason({ required })}
                label="Must be answered"
              />
            </div>
          </div>
        </Show>
      </div>
    </Section>
  );
}

const namesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
];

export function GuidelinesSection(props: Part) {
  return (
    <Section title="Guidelines" note="Markdown; stands beside the work while people label">
      <label class="sr-only" for="guidelines">
        Guidelines
      </label>
      <MarkdownEditor
        id="guidelines"
        value={props.editor.draft.guidelines}
        onInput={(text) => props.editor.set('guidelines', text)}
        placeholder="What a good label is, with examples"
      />
      <Field
        class="mt-4"
        label="Columns shown beside the item"
        optional
        hint="Names of imported columns, with commas between. All others stay hidden from whoever labels: they may hold the answer."
        error={props.editor.error()?.field('shownColumns')}
      >
        {(ids) => (
          <Input
            {...ids}
            value={(props.editor.draft.shownColumns ?? []).join(', ')}
            onChange={(e) => props.editor.set('shownColumns', namesIn(e.currentTarget.value))}
          />
        )}
      </Field>
    </Section>
  );
}

export function ModelSection(props: Part) {
  return (
    <Section title="Queue and model">
      <div class="flex flex-col gap-5">
        <ChoiceCards
          label="Order of the queue"
          class="sm:grid-cols-2"
          value={props.editor.draft.queueOrder}
          onChange={(order) => props.editor.set('queueOrder', order)}
          choices={[
            { value: 'sequential', label: 'As imported', hint: 'First in, first labelled.' },
            {
              value: 'uncertainty',
              label: 'Least sure first',
              hint: 'What the model knows least about comes first: it learns most from it.',
            },
          ]}
        />
        <Switch
          checked={props.editor.draft.suggestions}
          onChange={(on) => props.editor.set('suggestions', on)}
          label="Show suggestions while people label"
          hint="One key accepts. What people accept, edit and reject is counted per model; a suggestion never counts as a vote."
        />
        <NumberField
          label="Train a new model every"
          unit={props.editor.draft.retrainEvery === 0 ? 'settled items: never' : 'settled items'}
          hint="0 switches training off."
          min={0}
          max={1_000_000}
          value={props.editor.draft.retrainEvery}
          onChange={(n) => props.editor.set('retrainEvery', n)}
        />
      </div>
    </Section>
  );
}
