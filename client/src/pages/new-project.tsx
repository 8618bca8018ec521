import type { Modality } from '@concord/core/modalities/modality';
import type { ClassDef } from '@concord/core/records/label-schema';
import { revalidate, useNavigate } from '@solidjs/router';
import { createEffect, createResource, createSignal, createUniqueId, For, on, Show } from 'solid-js';
import { ApiError, call, messageOf } from '../api/index.ts';
import { classProblems, cleanClasses } from '../lib/class-list.ts';
import { modalityLook } from '../lib/modality-look.ts';
import { readProjects } from '../reads/queries.ts';
import { iMay } from '../shell/session.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Field, Input, Switch } from '../ui/field.tsx';
import { Page, PageHeader, Section } from '../ui/page.tsx';
import { NotForYou, Notice } from '../ui/states.tsx';
import { ClassEditor } from './schema/class-editor.tsx';
import { MarkdownEditor } from './schema/markdown-editor.tsx';

/** Everything a project needs on one page: kind of work, name, classes, guidelines. Rules have good defaults. */
export function NewProject() {
  const navigate = useNavigate();
  const [modalities] = createResource(async () => [
    ...(await import('../lib/modalities.ts')).modalities.values(),
  ]);
  const [chosen, setChosen] = createSignal('text-classification');
  const modality = () => modalities()?.find((m) => m.name === chosen());
  const [name, setName] = createSignal('');
  const [description, setDescription] = createSignal('');
  const [classes, setClasses] = createSignal<ClassDef[]>([]);
  const [askReason, setAskReason] = createSignal(false);
  const [guidelines, setGuidelines] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  const guidelinesId = createUniqueId();
  // One key for this form: pressing twice, or again after a lost answer, makes one project.
  const idempotencyKey = crypto.randomUUID?.() ?? `new-${performance.now()}-${createUniqueId()}`;
  createEffect(on(modality, (m) => m && setClasses([...m.defaultClasses])));

  const serverClassError = () => {
    const e = error();
    return e instanceof ApiError
      ? e.errors.find((f) => f.path.startsWith('schema') || f.path.startsWith('body.schema'))?.message
      : undefined;
  };
  const problems = () => classProblems(classes()).some((p) => p.name || p.hotkey);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (problems()) return;
    setBusy(true);
    setError(null);
    try {
      const project = await call('projects.create', {
        idempotencyKey,
        body: {
          name: name().trim(),
          description: description().trim(),
          guidelines: guidelines(),
          schema: {
            modality: chosen(),
            classes: cleanClasses(classes()),
            ...(askReason() ? { reason: { ask: true, required: false, prompt: 'Why?' } } : {}),
          },
        },
      });
      void revalidate(readProjects.key);
      navigate(`/projects/${project.id}/import`);
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  if (!iMay('manage-projects')) return <NotForYou />;
  return (
    <Page width="medium">
      <PageHeader
        title="New project"
        description="What is labelled, with which classes, and how. The kind of work cannot be changed later."
      />
      <form class="flex flex-col gap-4" onSubmit={(e) => void submit(e)}>
        <Section title="What is labelled?">
          <div class="grid min-h-[9.5rem] gap-2 sm:grid-cols-2">
            <For each={modalities()}>
              {(m) => (
                <ModalityChoice
                  modality={m}
                  chosen={chosen() === m.name}
                  onChoose={() => setChosen(m.name)}
                />
              )}
            </For>
          </div>
          <div class="mt-4 grid gap-4 sm:grid-cols-2">
            <Field label="Project name">
              {(ids) => (
                <Input
                  {...ids}
                  required
                  maxlength={120}
                  placeholder="e.g. Support e-mails, first pass"
                  value={name()}
                  onInput={(e) => setName(e.currentTarget.value)}
                />
              )}
            </Field>
            <Field label="In a sentence" optional>
              {(ids) => (
                <Input
                  {...ids}
                  maxlength={1000}
                  placeholder="What the labels are for"
                  value={description()}
                  onInput={(e) => setDescription(e.currentTarget.value)}
                />
              )}
            </Field>
          </div>
        </Section>
        <Section title="Classes" note="Each has a key: press it to label">
          <ClassEditor
            classes={classes()}
            onChange={setClasses}
            fixed={modality()?.fixedClasses ?? false}
            serverError={serverClassError()}
          />
          <div class="mt-4 border-t border-line pt-4">
            <Switch
              checked={askReason()}
              onChange={setAskReason}
              label="Ask for a reason"
              hint="A free-text question beside the label. Reasons are exported with each person’s answer."
            />
          </div>
        </Section>
        <Section title="Guidelines" note="Markdown; stands beside the work while people label">
          <label class="sr-only" for={guidelinesId}>
            Guidelines
          </label>
          <MarkdownEditor
            id={guidelinesId}
            rows={10}
            value={guidelines()}
            onInput={setGuidelines}
            placeholder={'## When is it spam?\n\n- Somebody sells what was not asked for\n- …'}
          />
        </Section>
        <Show when={error() && !serverClassError()}>
          <Notice tone="danger">{messageOf(error())}</Notice>
        </Show>
        <div class="flex items-center justify-end gap-2">
          <Show when={problems()}>
            <p class="mr-auto text-sm text-danger-ink">Some classes need another name or key.</p>
          </Show>
          <LinkButton kind="quiet" href="/">
            Cancel
          </LinkButton>
          <Button kind="primary" type="submit" busy={busy()} disabled={problems()}>
            Create and add data
          </Button>
        </div>
      </form>
    </Page>
  );
}

function ModalityChoice(props: { modality: Modality; chosen: boolean; onChoose: () => void }) {
  const look = () => modalityLook(props.modality.name);
  return (
    <label class="flex gap-3 rounded-md border border-line p-3 transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input
        type="radio"
        name="modality"
        class="sr-only"
        checked={props.chosen}
        onChange={() => props.onChoose()}
      />
      <span class={props.chosen ? 'mt-0.5 text-accent-ink' : 'mt-0.5 text-ink-3'}>
        {look().icon({ size: 18, 'aria-hidden': 'true' })}
      </span>
      <span class="min-w-0">
        <span class="block font-medium">{props.modality.title}</span>
        <span class="block text-sm text-ink-2">{props.modality.description}</span>
      </span>
    </label>
  );
}
