import type { RoomPerson } from '@concord/core/protocol/resources';
import { createMemo, createSignal, createUniqueId, For, onMount, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { Avatar, Button, TextArea } from '../../ui/index.ts';
import { matching, mentionAt, mentionsIn, withMention } from './mentions.ts';

/** Where one writes: Enter sends, @ names somebody. */
export function Composer(props: {
  label: string;
  placeholder: string;
  send: string;
  /** Whom one may mention. */
  people: readonly RoomPerson[];
  /** Said beneath, before it is too late. */
  warning?: string | undefined;
  autofocus?: boolean;
  onSend: (text: string, mentions: readonly string[]) => void;
  onCancel?: () => void;
}) {
  const listId = createUniqueId();
  const [text, setText] = createSignal('');
  const [caret, setCaret] = createSignal(0);
  const [at, setAt] = createSignal(0);
  /** Escape closes the list for the mention that is being written now. */
  const [shut, setShut] = createSignal(-1);
  const chosen = new Set<string>();
  let field: HTMLTextAreaElement | undefined;

  const query = createMemo(() => mentionAt(text(), caret()));
  const found = createMemo(() => {
    const now = query();
    return now === null || now.start === shut() ? [] : matching(props.people, now.query);
  });
  const active = () => Math.min(at(), found().length - 1);

  onMount(() => {
    if (props.autofocus) field?.focus();
  });
  function read(): void {
    setText(field?.value ?? '');
    setCaret(field?.selectionStart ?? 0);
  }
  function take(person: ReturnType<typeof found>[number]): void {
    const now = query();
    if (now === null || field === undefined) return;
    chosen.add(person.id);
    const next = withMention(text(), now, person.display);
    field.value = next.text;
    field.setSelectionRange(next.caret, next.caret);
    field.focus();
    setAt(0);
    read();
  }
  function send(): void {
    const said = text().trim();
    if (said === '') return;
    props.onSend(said, mentionsIn(said, props.people, chosen));
    chosen.clear();
    if (field !== undefined) field.value = '';
    read();
  }
  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const person = found()[active()];
    if (person !== undefined && ['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape'].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'ArrowDown') setAt((active() + 1) % found().length);
      else if (event.key === 'ArrowUp') setAt((active() + found().length - 1) % found().length);
      else if (event.key === 'Escape') setShut(query()?.start ?? -1);
      else take(person);
      return;
    }
    // Ctrl+Enter means what is being written here, and not the answer beside it.
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (props.onCancel) props.onCancel();
      else field?.blur();
    }
  }

  return (
    <div class="relative flex flex-col gap-1.5">
      <TextArea
        ref={(element: HTMLTextAreaElement) => {
          field = element;
          // On the field itself, so that it is asked before the page's own keys.
          element.addEventListener('keydown', onKey);
        }}
        rows={1}
        class="!min-h-8.5 max-h-40 !resize-none text-base [field-sizing:content]"
        aria-label={props.label}
        aria-autocomplete="list"
        aria-controls={found().length > 0 ? listId : undefined}
        aria-activedescendant={found().length > 0 ? `${listId}-${active()}` : undefined}
        placeholder={props.placeholder}
        maxLength={4000}
        onInput={() => {
          setShut(-1);
          setAt(0);
          read();
        }}
        onKeyUp={read}
        onClick={read}
      />
      <Show when={found().length > 0}>
        <div
          id={listId}
          role="listbox"
          aria-label="People"
          class="absolute top-9.5 right-0 left-0 z-20 max-h-56 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop"
        >
          <For each={found()}>
            {(person, i) => (
              <button
                type="button"
                id={`${listId}-${i()}`}
                role="option"
                tabindex="-1"
                aria-selected={i() === active()}
                class={cx(
                  'flex w-full items-center gap-2 rounded-[5px] px-2 py-1.5 text-left pointer-coarse:py-2.5',
                  i() === active() && 'bg-hover',
                )}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(person)}
              >
                <Avatar user={person} size={22} />
                <span class="min-w-0 flex-1 truncate text-base">{person.display}</span>
                <span class="truncate text-xs text-ink-3">{person.name}</span>
              </button>
            )}
          </For>
        </div>
      </Show>
      <Show when={(text().trim() !== '' || props.onCancel !== undefined) && props.warning}>
        {(warning) => <p class="text-xs text-warn-ink">{warning()}</p>}
      </Show>
      <Show when={text().trim() !== '' || props.onCancel}>
        <div class="flex gap-1.5">
          <Button size="sm" kind="primary" disabled={text().trim() === ''} onClick={send}>
            {props.send}
          </Button>
          <Show when={props.onCancel}>
            {(cancel) => (
              <Button size="sm" kind="quiet" onClick={() => cancel()()}>
                Cancel
              </Button>
            )}
          </Show>
        </div>
      </Show>
    </div>
  );
}
