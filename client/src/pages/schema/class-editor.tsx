import type { ClassDef } from '@concord/core/records/label-schema';
import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import Plus from 'lucide-solid/icons/plus';
import Trash2 from 'lucide-solid/icons/trash';
import { createMemo, createSignal, For, Index, Show } from 'solid-js';
import { classProblems, effectiveHotkeys } from '../../lib/class-list.ts';
import { cx } from '../../lib/class-names.ts';
import { classColors, nextColor } from '../../lib/palette.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';

/** The classes of a schema: name, colour, key, meaning; order by arrows. `fixed` ones keep names and number. */
export function ClassEditor(props: {
  classes: readonly ClassDef[];
  onChange: (classes: ClassDef[]) => void;
  fixed?: boolean;
  /** The server's word on a row, when it refused one. */
  serverError?: string | undefined;
}) {
  const problems = createMemo(() => classProblems(props.classes));
  const keys = createMemo(() => effectiveHotkeys(props.classes));
  const [pasting, setPasting] = createSignal(false);

  const change = (at: number, patch: Partial<ClassDef>) =>
    props.onChange(props.classes.map((c, i) => (i === at ? { ...c, ...patch } : c)));
  function setKey(at: number, key: string | undefined): void {
    props.onChange(
      props.classes.map((c, i) => {
        if (i !== at) return c;
        const { hotkey: _, ...rest } = c;
        return key === undefined ? rest : { ...rest, hotkey: key };
      }),
    );
  }
  function move(at: number, by: -1 | 1): void {
    const next = [...props.classes];
    const [taken] = next.splice(at, 1);
    next.splice(at + by, 0, taken!);
    props.onChange(next);
  }
  function add(names: readonly string[]): void {
    const next = [...props.classes];
    for (const name of names) next.push({ name, color: nextColor(next.map((c) => c.color)) });
    props.onChange(next);
  }

  return (
    <div>
      <ul class="flex flex-col gap-1.5">
        <Index each={props.classes}>
          {(item, i) => (
            <li>
              <div class="flex flex-wrap items-center gap-1.5 sm:flex-nowrap">
                <ColorButton
                  color={item().color}
                  name={item().name}
                  onPick={(color) => change(i, { color })}
                />
                <Input
                  aria-label={`Name of class ${i + 1}`}
                  aria-invalid={problems()[i]?.name ? 'true' : undefined}
                  class="w-auto! min-w-0 flex-1 sm:w-40! sm:flex-none"
                  placeholder="Name"
                  maxlength={60}
                  readonly={props.fixed}
                  value={item().name}
                  onInput={(e) => change(i, { name: e.currentTarget.value })}
                />
                <Input
                  aria-label={`What people see instead of ${item().name || `class ${i + 1}`}`}
                  title="What people see instead of the name"
                  class="w-auto! min-w-0 flex-1 max-sm:hidden sm:w-36! sm:flex-none"
                  placeholder="Shown as"
                  maxlength={80}
                  value={item().title ?? ''}
                  onInput={(e) => change(i, { title: e.currentTarget.value })}
                />
                <KeyInput
                  name={item().name || `class ${i + 1}`}
                  chosen={item().hotkey}
                  given={keys()[i] ?? null}
                  clash={problems()[i]?.hotkey !== undefined}
                  onChange={(key) => setKey(i, key)}
                />
                <Input
                  aria-label={`What ${item().name || `class ${i + 1}`} means`}
                  class="order-last w-auto! min-w-0 flex-1 basis-full sm:order-none sm:basis-0"
                  placeholder="What it means, for the people who label"
                  maxlength={500}
                  value={item().description ?? ''}
                  onInput={(e) => change(i, { description: e.currentTarget.value })}
                />
                <span class="flex shrink-0">
                  <IconButton label="Move up" size="sm" disabled={i === 0} onClick={() => move(i, -1)}>
                    <ArrowUp size={14} aria-hidden="true" />
                  </IconButton>
                  <IconButton
                    label="Move down"
                    size="sm"
                    disabled={i === props.classes.length - 1}
                    onClick={() => move(i, 1)}
                  >
                    <ArrowDown size={14} aria-hidden="true" />
                  </IconButton>
                  <Show when={!props.fixed}>
                    <IconButton
                      label={`Remove ${item().name || `class ${i + 1}`}`}
                      size="sm"
                      disabled={props.classes.length === 1}
                      onClick={() => props.onChange(props.classes.filter((_, j) => j !== i))}
                    >
                      <Trash2 size={14} aria-hidden="true" />
                    </IconButton>
                  </Show>
                </span>
              </div>
              <Show when={problems()[i]?.name ?? problems()[i]?.hotkey}>
                {(text) => (
                  <p role="alert" class="mt-0.5 ml-10 text-xs font-medium text-danger-ink">
                    {text()}
                  </p>
                )}
              </Show>
            </li>
          )}
        </Index>
      </ul>
      <Show when={props.serverError}>
        <p role="alert" class="mt-2 text-sm font-medium text-danger-ink">
          {props.serverError}
        </p>
      </Show>
      <Show when={!props.fixed} fallback={<FixedNote />}>
        <div class="mt-2.5 flex flex-wrap items-start gap-2">
          <Button size="sm" onClick={() => add([''])}>
            <Plus size={14} aria-hidden="true" />
            Add a class
          </Button>
          <Show
            when={pasting()}
            fallback={
              <Button size="sm" kind="quiet" onClick={() => setPasting(true)}>
                Paste a list
              </Button>
            }
          >
            <Input
              class="h-7 min-w-56 flex-1 text-sm"
              aria-label="Names, with commas between"
              placeholder="Names with commas between, then Enter"
              autofocus
              ref={(element) => queueMicrotask(() => element.focus())}
              onKeyDown={(e) => {
                if (e.key === 'Escape') setPasting(false);
                if (e.key !== 'Enter') return;
                e.preventDefault();
                add(
                  e.currentTarget.value
                    .split(/[,;\n\t]/)
                    .map((n) => n.trim())
                    .filter((n) => n !== '' && !props.classes.some((c) => c.name === n)),
                );
                setPasting(false);
              }}
            />
          </Show>
        </div>
      </Show>
    </div>
  );
}

function FixedNote() {
  return (
    <p class="mt-2 text-sm text-ink-3">
      These answers belong to this kind of work; colours and keys are yours.
    </p>
  );
}

function KeyInput(props: {
  name: string;
  chosen: string | undefined;
  given: string | null;
  clash: boolean;
  onChange: (key: string | undefined) => void;
}) {
  return (
    <Input
      aria-label={`Key for ${props.name}`}
      title={
        props.chosen
          ? 'Press another key, or Backspace for an automatic one'
          : 'Automatic; press a key to choose'
      }
      aria-invalid={props.clash ? 'true' : undefined}
      class={cx('w-11! shrink-0 px-0! text-center font-medium', !props.chosen && 'text-ink-3')}
      maxlength={1}
      value={props.chosen ?? props.given ?? ''}
      onFocus={(e) => e.currentTarget.select()}
      onKeyDown={(e) => {
        if (e.ctrlKey || e.metaKey || e.altKey) return;
        if (e.key === 'Backspace' || e.key === 'Delete') {
          e.preventDefault();
          props.onChange(undefined);
        } else if (e.key.length === 1 && e.key !== ' ') {
          e.preventDefault();
          props.onChange(e.key.toLowerCase());
        }
      }}
    />
  );
}

function ColorButton(props: { color: string; name: string; onPick: (color: string) => void }) {
  return (
    <Popover
      label={`Colour of ${props.name || 'this class'}`}
      triggerClass="control grid w-8.5! shrink-0 place-items-center px-0!"
      trigger={<span class="size-4 rounded-full" style={{ background: props.color }} />}
    >
      <div class="grid grid-cols-6 gap-1.5">
        <For each={classColors}>
          {(color) => (
            <button
              type="button"
              aria-label={color}
              aria-pressed={color === props.color}
              class="size-7 rounded-full border-2 border-transparent aria-pressed:border-ink"
              style={{ background: color, 'background-clip': 'content-box', padding: '2px' }}
              onClick={() => props.onPick(color)}
            />
          )}
        </For>
      </div>
      <label class="mt-2.5 flex items-center gap-2 text-sm text-ink-2">
        <input
          type="color"
          class="h-7 w-10 rounded-sm bg-transparent"
          value={props.color}
          onInput={(e) => props.onPick(e.currentTarget.value)}
        />
        Any other
      </label>
    </Popover>
  );
}
