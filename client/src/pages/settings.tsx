import { revalidate } from '@solidjs/router';
import { createSignal } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import { call, isApiError } from '../api/index.ts';
import { classProblems, cleanClasses } from '../lib/class-list.ts';
import { readProject } from '../reads/queries.ts';
import { useProject } from '../shell/project-context.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox, Field, Input } from '../ui/field.tsx';
import { Page, Section } from '../ui/page.tsx';
import { showError, showToast } from '../ui/toast.tsx';
import { ClassEditor } from './schema/class-editor.tsx';
import { MarkdownEditor } from './schema/markdown-editor.tsx';

/** The label schema, the guidelines and the rules of a project. */
export function Settings() {
  const { summary, etag } = useProject();
  const before = summary().project;
  const [draft, setDraft] = createStore(structuredClone(unwrap(before)));
  const [busy, setBusy] = createSignal(false);
  const number = (text: string) => Number(text.replace(',', '.'));

  async function save(): Promise<void> {
    setBusy(true);
    try {
      const { name, description, guidelines, visibility, suggestions, rules, queueOrder, retrainEvery } =
        unwrap(draft);
      const schema = { ...unwrap(draft.schema), classes: cleanClasses(draft.schema.classes) };
      await call('projects.update', {
        params: { project: before.id },
        body: {
          name,
          description,
          schema,
          guidelines,
          visibility,
          suggestions,
          rules,
          queueOrder,
          retrainEvery,
        },
        ...(etag() === null ? {} : { ifMatch: etag()! }),
      });
      showToast('ok', 'Saved');
      await revalidate(readProject.key);
    } catch (error) {
      if (isApiError(error, 'precondition'))
        showToast(
          'error',
          'Somebody else changed the project meanwhile. Reload to see their change, then make yours again.',
        );
      else showError(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Page width="medium">
      <div class="flex flex-col gap-4">
        <Section title="Project">
          <Field label="Name">
            {(ids) => (
              <Input {...ids} value={draft.name} onInput={(e) => setDraft('name', e.currentTarget.value)} />
            )}
          </Field>
          <Field label="Description">
            {(ids) => (
              <Input
                {...ids}
                value={draft.description}
                onInput={(e) => setDraft('description', e.currentTarget.value)}
              />
            )}
          </Field>
        </Section>
        <Section title="Classes">
          <ClassEditor
            classes={draft.schema.classes}
            onChange={(classes) => setDraft('schema', 'classes', [...classes])}
          />
        </Section>
        <Section title="Guidelines" note="shown beside the work">
          <MarkdownEditor
            id="guidelines"
            value={draft.guidelines}
            onInput={(text) => setDraft('guidelines', text)}
            placeholder="What a good label is, with examples"
          />
        </Section>
        <Section title="Rules" note="when an item is settled">
          <div class="grid gap-4 sm:grid-cols-2">
            <Field label="Labels at least">
              {(ids) => (
                <Input
                  {...ids}
                  type="number"
                  min="1"
                  max="50"
                  value={draft.rules.overlap.min}
                  onInput={(e) => setDraft('rules', 'overlap', 'min', number(e.currentTarget.value))}
                />
              )}
            </Field>
            <Field label="Labels at most">
              {(ids) => (
                <Input
                  {...ids}
                  type="number"
                  min="1"
                  max="50"
                  value={draft.rules.overlap.max}
                  onInput={(e) => setDraft('rules', 'overlap', 'max', number(e.currentTarget.value))}
                />
              )}
            </Field>
            <Field label="Agreement needed (0 to 1)">
              {(ids) => (
                <Input
                  {...ids}
                  type="number"
                  step="0.05"
                  min="0"
                  max="1"
                  value={draft.rules.minAgreement}
                  onInput={(e) => setDraft('rules', 'minAgreement', number(e.currentTarget.value))}
                />
              )}
            </Field>
            <Field label="Confidence needed (0 to 1)">
              {(ids) => (
                <Input
                  {...ids}
                  type="number"
                  step="0.05"
                  min="0"
                  max="1"
                  value={draft.rules.minConfidence}
                  onInput={(e) => setDraft('rules', 'minConfidence', number(e.currentTarget.value))}
                />
              )}
            </Field>
            <label class="flex flex-col gap-1 text-sm">
              Consensus
              <select
                class="h-9 rounded-md border border-line bg-surface px-2 text-base"
                value={draft.rules.consensus}
                onChange={(e) => setDraft('rules', 'consensus', e.currentTarget.value as 'majority')}
              >
                <option value="majority">Majority</option>
                <option value="weighted">Weighted by people’s reliability</option>
              </select>
            </label>
            <label class="flex flex-col gap-1 text-sm">
              Who sees whose labels
              <select
                class="h-9 rounded-md border border-line bg-surface px-2 text-base"
                value={draft.visibility}
                onChange={(e) => setDraft('visibility', e.currentTarget.value as 'blind')}
              >
                <option value="blind-then-open">Blind until one has submitted</option>
                <option value="blind">Blind throughout</option>
                <option value="open">Open (does not count as agreement)</option>
              </select>
            </label>
            <label class="flex flex-col gap-1 text-sm">
              Order of the queue
              <select
                class="h-9 rounded-md border border-line bg-surface px-2 text-base"
                value={draft.queueOrder}
                onChange={(e) => setDraft('queueOrder', e.currentTarget.value as 'sequential')}
              >
                <option value="sequential">As imported</option>
                <option value="uncertainty">What the model is least sure of first</option>
              </select>
            </label>
            <Field label="Train a new model after so many settled items (0: never)">
              {(ids) => (
                <Input
                  {...ids}
                  type="number"
                  min="0"
                  value={draft.retrainEvery}
                  onInput={(e) => setDraft('retrainEvery', number(e.currentTarget.value))}
                />
              )}
            </Field>
          </div>
          <Checkbox
            label="Show model suggestions while people label"
            checked={draft.suggestions}
            onChange={(on) => setDraft('suggestions', on)}
          />
        </Section>
        <div class="flex justify-end">
          <Button
            kind="primary"
            busy={busy()}
            disabled={classProblems(draft.schema.classes).length > 0}
            onClick={() => void save()}
          >
            Save
          </Button>
        </div>
      </div>
    </Page>
  );
}
