import { createMemo, For, Show } from 'solid-js';
import { focusTakesEnter, useKeys } from '../keys.ts';
import { ClassChoice, chooseByKey, enterOn } from '../shared/class-choice.tsx';
import { ReasonField } from '../shared/reason-field.tsx';
import { TextPresence } from '../shared/text-presence.tsx';
import type { StageProps } from '../surface.ts';
import { splitEmail } from './split-email.ts';

/** A text at a comfortable measure, and beneath it the classes, always in sight. */
export function Stage(props: StageProps) {
  let scroller: HTMLElement | undefined;
  let root: HTMLDivElement | undefined;
  const parts = createMemo(() => splitEmail(String(props.asset.data['text'] ?? '')));
  useKeys((key, event) => {
    if (key === 'enter' && !focusTakesEnter(event)) {
      enterOn(props, 'label');
      return true;
    }
    if (key === 'r') {
      document.querySelector<HTMLElement>('[data-reason]')?.focus();
      return true;
    }
    return props.editable && chooseByKey(props, 'label', key);
  });
  return (
    <div class="flex h-full min-h-0 flex-col">
      <article
        ref={scroller}
        class="min-h-0 flex-1 overflow-y-auto px-4 py-5 sm:px-8 sm:py-7"
        tabindex="0"
        aria-label="Text"
      >
        <div class="relative mx-auto max-w-[44rem]">
          <div ref={root}>
            <Show when={parts().headers.length > 0}>
              <dl class="mb-5 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-b border-line pb-4 text-base">
                <For each={parts().headers}>
                  {(header) => (
                    <>
                      <dt class="text-ink-3">{header.name}</dt>
                      <dd class="min-w-0 font-medium break-words">{header.value}</dd>
                    </>
                  )}
                </For>
              </dl>
            </Show>
            <p class="text-[1.0625rem] leading-[1.65] break-words whitespace-pre-wrap">{parts().body}</p>
          </div>
          <TextPresence presence={props.presence} root={() => root} scroller={() => scroller} />
        </div>
      </article>
      <div class="border-t border-line bg-canvas px-4 py-3.5 sm:px-8">
        <div class="mx-auto flex max-w-[44rem] flex-col gap-3">
          <ClassChoice stage={props} answerKey="label" />
          <ReasonField stage={props} />
        </div>
      </div>
    </div>
  );
}
