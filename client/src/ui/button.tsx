import { A } from '@solidjs/router';
import { type JSX, Show, splitProps } from 'solid-js';
import { cx } from '../lib/class-names.ts';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'lg';

const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none ' +
  'transition-[background-color,border-color,color] duration-100 disabled:opacity-50 disabled:cursor-not-allowed';
const kinds: Record<ButtonKind, string> = {
  primary: 'bg-accent text-on-accent enabled:hover:bg-accent-hover [a&]:hover:bg-accent-hover',
  secondary: 'border border-line-strong bg-surface text-ink enabled:hover:bg-hover [a&]:hover:bg-hover',
  quiet: 'text-ink-2 enabled:hover:bg-hover enabled:hover:text-ink [a&]:hover:bg-hover [a&]:hover:text-ink',
  danger: 'bg-danger text-on-danger enabled:hover:bg-danger-hover',
};
const sizes: Record<ButtonSize, string> = {
  sm: 'h-7 px-2.5 text-sm',
  md: 'h-8.5 px-3.5 text-base pointer-coarse:h-11',
  lg: 'h-10.5 px-5 text-md pointer-coarse:h-12',
};
const squares: Record<ButtonSize, string> = {
  sm: 'size-7',
  md: 'size-8.5 pointer-coarse:size-11',
  lg: 'size-10.5 pointer-coarse:size-12',
};

/** Class names of a button, for elements that cannot be a Button (links, Kobalte triggers). */
export function buttonClass(kind: ButtonKind = 'secondary', size: ButtonSize = 'md', square = false): string {
  return cx(base, kinds[kind], square ? squares[size] : sizes[size]);
}

export interface ButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  size?: ButtonSize;
  /** Work is under way: shows it, and takes no second press. The width stays as it is. */
  busy?: boolean;
}

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ['kind', 'size', 'busy', 'class', 'children', 'disabled']);
  return (
    <button
      type="button"
      {...rest}
      class={cx(buttonClass(own.kind, own.size), 'relative', own.class as string | undefined)}
      disabled={own.disabled || own.busy}
      aria-busy={own.busy ? 'true' : undefined}
    >
      <span class={cx('inline-flex items-center gap-1.5', own.busy && 'invisible')}>{own.children}</span>
      <Show when={own.busy}>
        <span class="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      </Show>
    </button>
  );
}

/** A button of one icon. `label` is its name for screen readers and its title. */
export function IconButton(props: Omit<ButtonProps, 'busy'> & { label: string }) {
  const [own, rest] = splitProps(props, ['kind', 'size', 'class', 'label']);
  return (
    <button
      type="button"
      title={own.label}
      aria-label={own.label}
      {...rest}
      class={cx(buttonClass(own.kind ?? 'quiet', own.size, true), own.class as string | undefined)}
    />
  );
}

/** A link that looks like a button. `href` inside the app navigates without a page load. */
export function LinkButton(props: {
  href: string;
  kind?: ButtonKind;
  size?: ButtonSize;
  class?: string;
  /** Leave the app's router alone: downloads and other origins. */
  external?: boolean;
  download?: boolean;
  children: JSX.Element;
}) {
  const className = () => cx(buttonClass(props.kind, props.size), props.class);
  return (
    <Show
      when={props.external || props.download}
      fallback={
        <A href={props.href} class={className()}>
          {props.children}
        </A>
      }
    >
      <a href={props.href} class={className()} rel="external" {...(props.download ? { download: '' } : {})}>
        {props.children}
      </a>
    </Show>
  );
}

export function Spinner(props: { size?: number }) {
  return (
    <svg
      width={props.size ?? 16}
      height={props.size ?? 16}
      viewBox="0 0 16 16"
      class="animate-spin"
      role="img"
      aria-label="Working"
    >
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-opacity="0.25" stroke-width="2" />
      <path
        d="M14 8a6 6 0 0 0-6-6"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
      />
    </svg>
  );
}
