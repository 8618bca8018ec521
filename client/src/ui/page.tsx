import { type JSX, Show } from 'solid-js';
import { cx } from '../lib/class-names.ts';

const widths = { narrow: 'max-w-3xl', medium: 'max-w-4xl', normal: 'max-w-6xl', wide: 'max-w-[110rem]' };

/** The scrolling body of a page. `wide` is for tables, `narrow` for forms and reading. */
export function Page(props: { children: JSX.Element; width?: keyof typeof widths }) {
  return (
    <div class={cx('mx-auto w-full px-4 py-5 sm:px-6 sm:py-6', widths[props.width ?? 'normal'])}>
      {props.children}
    </div>
  );
}

export function PageHeader(props: {
  title: JSX.Element;
  description?: JSX.Element;
  actions?: JSX.Element;
  class?: string;
}) {
  return (
    <header class={cx('mb-5 flex flex-wrap items-start gap-x-6 gap-y-3', props.class)}>
      <div class="min-w-0 flex-1 basis-64">
        <h1 class="text-xl">{props.title}</h1>
        <Show when={props.description}>
          <div class="mt-0.5 text-base text-ink-2">{props.description}</div>
        </Show>
      </div>
      <Show when={props.actions}>
        <div class="flex flex-wrap items-center gap-2">{props.actions}</div>
      </Show>
    </header>
  );
}

/** A titled part of a page. */
export function Section(props: {
  title: string;
  note?: JSX.Element;
  actions?: JSX.Element;
  class?: string;
  children: JSX.Element;
}) {
  return (
    <section class={cx('card flex flex-col p-4 sm:p-5', props.class)}>
      <div class="mb-3 flex flex-wrap items-baseline gap-x-3">
        <h2 class="text-base font-semibold">{props.title}</h2>
        <Show when={props.note}>
          <div class="text-sm text-ink-3">{props.note}</div>
        </Show>
        <Show when={props.actions}>
          <div class="ml-auto flex gap-2">{props.actions}</div>
        </Show>
      </div>
      {props.children}
    </section>
  );
}
