import CircleAlert from 'lucide-solid/icons/circle-alert';
import Lock from 'lucide-solid/icons/lock';
import { type JSX, Show } from 'solid-js';
import { isApiError, messageOf } from '../api/index.ts';
import { cx } from '../lib/class-names.ts';
import { isMissingPart } from '../lib/missing-part.ts';
import { Button, LinkButton } from './button.tsx';

/** Nothing here yet: says so, why, and what to do next. */
export function EmptyState(props: {
  icon?: JSX.Element;
  title: string;
  children?: JSX.Element;
  action?: JSX.Element;
  class?: string;
}) {
  return (
    <div class={cx('flex flex-col items-center px-6 py-14 text-center', props.class)}>
      <Show when={props.icon}>
        <div class="mb-4 grid size-11 place-items-center rounded-full bg-accent-soft text-accent-ink">
          {props.icon}
        </div>
      </Show>
      <h2 class="text-md">{props.title}</h2>
      <Show when={props.children}>
        <div class="mt-1 max-w-md text-base text-pretty text-ink-2">{props.children}</div>
      </Show>
      <Show when={props.action}>
        <div class="mt-5 flex flex-wrap justify-center gap-2">{props.action}</div>
      </Show>
    </div>
  );
}

/** A page that this person's role does not open. */
export function NotForYou() {
  return (
    <EmptyState
      icon={<Lock size={20} aria-hidden="true" />}
      title="This page is not open to you"
      action={<LinkButton href="/">Go to projects</LinkButton>}
    >
      It needs another role. An administrator can give it to you.
    </EmptyState>
  );
}

/** Something could not be loaded: the reason and, where that may help, another try. */
export function ErrorState(props: { error: unknown; retry?: () => void }) {
  const missing = () => isApiError(props.error, 'not_found');
  const retry = () => (isMissingPart(props.error) ? () => location.reload() : props.retry);
  return (
    <Show when={!isApiError(props.error, 'auth.forbidden')} fallback={<NotForYou />}>
      <EmptyState
        icon={<CircleAlert size={20} aria-hidden="true" />}
        title={missing() ? 'There is nothing here' : 'This could not be loaded'}
        action={
          <Show
            when={missing()}
            fallback={
              <Show when={retry()}>{(again) => <Button onClick={() => again()()}>Try again</Button>}</Show>
            }
          >
            <LinkButton href="/">Go to projects</LinkButton>
          </Show>
        }
      >
        {isMissingPart(props.error)
          ? 'A part of this page could not be fetched. Check your connection, then try again.'
          : messageOf(props.error)}
      </EmptyState>
    </Show>
  );
}

/** Holds the place of what is on its way; invisible for the first quarter of a second. */
export function Skeleton(props: { class?: string }) {
  return (
    <div class={cx('animate-skeleton rounded-md bg-line', props.class ?? 'h-4 w-full')} aria-hidden="true" />
  );
}

/** A standing message inside a page. */
export function Notice(props: {
  tone?: 'info' | 'warn' | 'danger';
  children: JSX.Element;
  action?: JSX.Element;
}) {
  const tones = {
    info: 'border-line bg-sunken text-ink-2',
    warn: 'border-warn/40 bg-warn-soft text-warn-ink',
    danger: 'border-danger/40 bg-danger-soft text-danger-ink',
  };
  return (
    <div
      role={props.tone === 'danger' ? 'alert' : 'status'}
      class={cx(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border px-3.5 py-2.5',
        tones[props.tone ?? 'info'],
      )}
    >
      <div class="min-w-0 flex-1 text-base">{props.children}</div>
      {props.action}
    </div>
  );
}
