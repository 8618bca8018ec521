import { createResource, Show } from 'solid-js';
import { cx } from '../lib/class-names.ts';
import '../styles/prose.css';

/** Markdown written by people, as sanitised HTML. The renderer is fetched when first needed. */
export function Markdown(props: { text: string; class?: string }) {
  const [renderer] = createResource(async () => (await import('../lib/markdown.ts')).renderMarkdown);
  return (
    <div class={cx('prose-doc', props.class)}>
      <Show when={!renderer.error && renderer()} fallback={<p class="whitespace-pre-wrap">{props.text}</p>}>
        {(render) => <div class="contents" innerHTML={render()(props.text)} />}
      </Show>
    </div>
  );
}
