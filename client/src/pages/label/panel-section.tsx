import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createEffect, createUniqueId, type JSX, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { createFold } from './panel-state.ts';

/** One part of the panel beside the stage; a press on its title folds it away, and that is remembered. */
export function PanelSection(props: {
  name: string;
  title: string;
  count?: number;
  folded?: boolean;
  /** How much of it is new. */
  unread?: number;
  /** Unfolds it when this becomes true. */
  reveal?: boolean;
  actions?: JSX.Element;
  children: JSX.Element;
}) {
  const id = createUniqueId();
  const fold = createFold(props.name, !props.folded);
  let section: HTMLElement | undefined;
  createEffect(() => {
    if (props.reveal && !fold.open()) fold.toggle();
  });
  function toggle(): void {
    fold.toggle();
    // What was unfolded at the lower edge comes into sight.
    if (fold.open()) section?.scrollIntoView({ block: 'nearest' });
  }
  return (
    <section ref={section} class="border-b border-line last:border-b-0" aria-label={props.title}>
      <div class="flex items-center gap-1 py-1.5 pr-2 pl-3">
        <h2 class="min-w-0 flex-1">
          <button
            type="button"
            aria-expanded={fold.open()}
            aria-controls={id}
            onClick={toggle}
            class="flex w-full items-center gap-1 rounded-sm py-1 text-left text-sm font-semibold"
          >
            <ChevronRight
              size={14}
              class={cx('text-ink-3 transition-transform duration-100', fold.open() && 'rotate-90')}
              aria-hidden="true"
            />
            {props.title}
            <Show when={props.count}>
              <span class="ml-1 font-normal text-ink-3 tabular">{props.count}</span>
            </Show>
            <Show when={props.unread}>
              <span class="ml-1 rounded-full bg-accent px-1.5 text-2xs font-semibold text-on-accent tabular">
                {props.unread} new
              </span>
            </Show>
          </button>
        </h2>
        {props.actions}
      </div>
      <div id={id}>
        <Show when={fold.open()}>
          <div class="px-4 pb-3">{props.children}</div>
        </Show>
      </div>
    </section>
  );
}
