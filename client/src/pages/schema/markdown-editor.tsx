import { createSignal, Show } from 'solid-js';
import { Segments, TextArea } from '../../ui/field.tsx';
import { Markdown } from '../../ui/markdown.tsx';

/** Markdown beside its rendering; on small screens one at a time. */
export function MarkdownEditor(props: {
  id: string;
  value: string;
  onInput: (value: string) => void;
  placeholder: string;
  rows?: number;
}) {
  const [view, setView] = createSignal<'write' | 'read'>('write');
  return (
    <div>
      <div class="mb-2 lg:hidden">
        <Segments
          label="View"
          value={view()}
          onChange={setView}
          choices={[
            { value: 'write', label: 'Write' },
            { value: 'read', label: 'Preview' },
          ]}
        />
      </div>
      <div class="grid gap-3 lg:grid-cols-2">
        <TextArea
          id={props.id}
          rows={props.rows ?? 16}
          maxlength={100_000}
          spellcheck={true}
          class={view() === 'read' ? 'hidden font-mono text-sm lg:block' : 'font-mono text-sm'}
          placeholder={props.placeholder}
          value={props.value}
          onInput={(e) => props.onInput(e.currentTarget.value)}
        />
        <section
          aria-label="Preview"
          class={
            view() === 'write'
              ? 'hidden max-h-[32rem] overflow-y-auto rounded-md bg-sunken px-4 py-3 lg:block'
              : 'max-h-[32rem] overflow-y-auto rounded-md bg-sunken px-4 py-3'
          }
        >
          <Show
            when={props.value.trim() !== ''}
            fallback={<p class="text-sm text-ink-3">What you write appears here as people will read it.</p>}
          >
            <Markdown text={props.value} />
          </Show>
        </section>
      </div>
    </div>
  );
}
