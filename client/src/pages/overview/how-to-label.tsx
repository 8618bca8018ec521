import { For, Show } from 'solid-js';
import { effectiveHotkeys } from '../../lib/class-list.ts';
import { useProject } from '../../shell/project-context.ts';
import { iMay } from '../../shell/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Section } from '../../ui/page.tsx';

/** The guidelines, the classes with their keys, and where the data came from. */
export function HowToLabel() {
  const { summary } = useProject();
  const project = () => summary().project;
  const keys = () => effectiveHotkeys(project().schema.classes);
  return (
    <div class="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Section
        title="Guidelines"
        actions={
          <Show when={iMay('manage-projects')}>
            <LinkButton size="sm" kind="quiet" href={`/projects/${project().id}/settings`}>
              Edit
            </LinkButton>
          </Show>
        }
      >
        <Show
          when={project().guidelines.trim() !== ''}
          fallback={
            <p class="text-ink-3">None are written yet. They would stand here and beside the work.</p>
          }
        >
          <Markdown text={project().guidelines} class="max-w-[68ch]" />
        </Show>
      </Section>
      <div class="flex flex-col gap-4">
        <Section title="Classes">
          <ul class="flex flex-col gap-2">
            <For each={project().schema.classes}>
              {(c, i) => (
                <li class="flex gap-2.5">
                  <span class="mt-1.5 size-2.5 shrink-0 rounded-full" style={{ background: c.color }} />
                  <span class="min-w-0 flex-1">
                    <span class="block font-medium">{c.title ?? c.name}</span>
                    <Show when={c.description}>
                      <span class="block text-sm text-ink-2">{c.description}</span>
                    </Show>
                  </span>
                  <Show when={keys()[i()]}>{(key) => <Kbd>{key()}</Kbd>}</Show>
                </li>
              )}
            </For>
          </ul>
        </Section>
        <Show when={project().attribution}>
          <Section title="Source and licence">
            <Markdown text={project().attribution} class="text-sm" />
          </Section>
        </Show>
      </div>
    </div>
  );
}
