import { createEffect, createUniqueId, type JSX, Show, splitProps } from 'solid-js';
import { cx } from '../lib/class-names.ts';

/** What a Field hands to its control, so that label, hint and error belong to it. */
export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

/** A labelled control with a hint and, in its place, the error. `children` gets the ids to spread on the control. */
export function Field(props: {
  label: string;
  hint?: JSX.Element | undefined;
  error?: string | undefined;
  optional?: boolean;
  class?: string;
  children: (ids: FieldIds) => JSX.Element;
}) {
  const id = createUniqueId();
  const noteId = `${id}-note`;
  const ids: FieldIds = {
    id,
    get 'aria-describedby'() {
      return props.error || props.hint ? noteId : undefined;
    },
    get 'aria-invalid'() {
      return props.error ? ('true' as const) : undefined;
    },
  };
  return (
    <div class={cx('flex flex-col gap-1.5', props.class)}>
      <label for={id} class="text-sm font-medium text-ink">
        {props.label}
        <Show when={props.optional}>
          <span class="ml-1.5 font-normal text-ink-3">optional</span>
        </Show>
      </label>
      {props.children(ids)}
      <Show
        when={props.error}
        fallback={
          <Show when={props.hint}>
            <p id={noteId} class="text-xs text-ink-3">
              {props.hint}
            </p>
          </Show>
        }
      >
        <p id={noteId} role="alert" class="text-xs font-medium text-danger-ink">
          {props.error}
        </p>
      </Show>
    </div>
  );
}

export function Input(props: JSX.InputHTMLAttributes<HTMLInputElement>) {
  const [own, rest] = splitProps(props, ['class']);
  return <input {...rest} class={cx('control', own.class as string | undefined)} />;
}

export function TextArea(props: JSX.TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const [own, rest] = splitProps(props, ['class']);
  return (
    <textarea
      {...rest}
      class={cx('control h-auto min-h-24 resize-y py-2 leading-normal', own.class as string | undefined)}
    />
  );
}

export function Checkbox(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Some, but not all, of what it stands for. */
  indeterminate?: boolean;
  disabled?: boolean;
  label: string;
  /** Keep the label for screen readers only. */
  hideLabel?: boolean;
}) {
  return (
    <label class="inline-flex items-center gap-2 align-middle text-base">
      <input
        type="checkbox"
        class="size-4 shrink-0 rounded-sm accent-accent"
        checked={props.checked}
        ref={(element) =>
          createEffect(() => {
            element.indeterminate = props.indeterminate ?? false;
          })
        }
        disabled={props.disabled}
        onChange={(e) => props.onChange(e.currentTarget.checked)}
      />
      <span class={props.hideLabel ? 'sr-only' : undefined}>{props.label}</span>
    </label>
  );
}

export function Switch(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  hint?: JSX.Element;
  disabled?: boolean;
}) {
  return (
    <label class="flex items-start gap-3">
      <span class="relative mt-0.5 inline-flex h-5 w-9 shrink-0">
        <input
          type="checkbox"
          role="switch"
          aria-checked={props.checked}
          class="peer absolute inset-0 z-10 m-0 cursor-pointer appearance-none rounded-full"
          checked={props.checked}
          disabled={props.disabled}
          onChange={(e) => props.onChange(e.currentTarget.checked)}
        />
        <span class="absolute inset-0 rounded-full bg-line-strong transition-colors peer-checked:bg-accent peer-disabled:opacity-50" />
        <span class="absolute top-0.5 left-0.5 size-4 rounded-full bg-surface shadow-sm transition-transform peer-checked:translate-x-4" />
      </span>
      <span class="min-w-0">
        <span class="block font-medium">{props.label}</span>
        <Show when={props.hint}>
          <span class="block text-sm text-ink-3">{props.hint}</span>
        </Show>
      </span>
    </label>
  );
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** A few choices that are all worth reading: one card each. Arrow keys move between them. */
export function ChoiceCards<T extends string>(props: {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  class?: string;
}) {
  const name = createUniqueId();
  return (
    <fieldset class="min-w-0">
      <legend class="mb-1.5 text-sm font-medium">{props.label}</legend>
      <div class={cx('grid gap-2', props.class ?? 'sm:grid-cols-3')}>
        {props.choices.map((choice) => (
          <label class="flex gap-2.5 rounded-md border border-line bg-surface p-3 transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
            <input
              type="radio"
              name={name}
              class="mt-0.5 size-4 shrink-0 accent-accent outline-none"
              checked={props.value === choice.value}
              onChange={() => props.onChange(choice.value)}
            />
            <span class="min-w-0">
              <span class="block font-medium">{choice.label}</span>
              <Show when={choice.hint}>
                <span class="mt-0.5 block text-sm text-ink-2">{choice.hint}</span>
              </Show>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A few short choices side by side. Arrow keys move between them. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
}) {
  const name = createUniqueId();
  return (
    <div role="radiogroup" aria-label={props.label} class="inline-flex rounded-md bg-sunken p-0.5">
      {props.choices.map((choice) => (
        <label class="relative rounded-[5px] px-2.5 py-1 text-sm font-medium text-ink-2 transition-colors hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:py-2">
          <input
            type="radio"
            name={name}
            class="absolute inset-0 cursor-pointer opacity-0"
            checked={props.value === choice.value}
            onChange={() => props.onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}
