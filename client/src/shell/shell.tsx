import { A, type RouteSectionProps, useLocation } from '@solidjs/router';
import { ErrorBoundary, For, Show, Suspense } from 'solid-js';
import { cx } from '../lib/class-names.ts';
import { liveConnected } from '../live/index.ts';
import { AccountMenu } from './account-menu.tsx';
import { NotificationBell } from './bell.tsx';
import { disputeBadge, followDisputes } from './dispute-count.ts';
import { Failed } from './failed.tsx';
import { Logo } from './logo.tsx';
import { isCurrent, navEntries } from './nav.ts';
import { notifications } from './notifications.ts';
import { iMay } from './session.ts';

/** Navigation around all pages but the labelling and review stages, which use the whole window. */
export function Shell(props: RouteSectionProps) {
  const location = useLocation();
  if (iMay('review')) followDisputes();
  return (
    <div class="flex h-full flex-col md:flex-row">
      <a
        href="#main"
        class="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-on-accent"
      >
        Skip to content
      </a>
      <Sidebar path={location.pathname} />
      {/* Positioned, so that what is hidden for sighted people inside it does not lengthen the document. */}
      <main id="main" tabindex="-1" class="relative min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
        <Show when={!liveConnected()}>
          <p role="status" class="bg-warn-soft px-4 py-1.5 text-center text-sm text-warn-ink">
            The connection is gone; figures on this page stand still. Trying again…
          </p>
        </Show>
        <ErrorBoundary fallback={(error, reset) => <Failed error={error} reset={reset} />}>
          <Suspense>{props.children}</Suspense>
        </ErrorBoundary>
      </main>
      <BottomBar path={location.pathname} />
    </div>
  );
}

function Sidebar(props: { path: string }) {
  return (
    <nav
      aria-label="Main"
      class="hidden w-52 shrink-0 flex-col border-r border-line bg-surface px-2.5 py-3 md:flex xl:w-56"
    >
      <A
        href="/"
        class="mb-4 flex items-center gap-2.5 rounded-md px-2 py-1 text-lg font-semibold tracking-tight"
      >
        <Logo />
        Concord
      </A>
      <ul class="flex flex-col gap-0.5">
        <For each={navEntries().filter((e) => !e.small)}>
          {(entry) => (
            <li>
              <A
                href={entry.href}
                aria-current={isCurrent(entry, props.path) ? 'page' : undefined}
                class={cx(
                  'flex h-9 items-center gap-2.5 rounded-md px-2.5 font-medium transition-colors',
                  isCurrent(entry, props.path)
                    ? 'bg-accent-soft text-accent-ink'
                    : 'text-ink-2 hover:bg-hover hover:text-ink',
                )}
              >
                <entry.icon size={17} aria-hidden="true" />
                {entry.label}
                <Show when={entry.href === '/disputes' && disputeBadge()}>
                  {(badge) => (
                    <span class="ml-auto rounded-full bg-warn-soft px-1.5 text-xs font-semibold text-warn-ink tabular-nums">
                      {badge()}
                    </span>
                  )}
                </Show>
              </A>
            </li>
          )}
        </For>
      </ul>
      <div class="mt-auto flex flex-col gap-1">
        <NotificationBell
          placement="right-end"
          text="Notifications"
          triggerClass="flex h-9 w-full items-center gap-2.5 rounded-md px-2.5 font-medium text-ink-2 transition-colors hover:bg-hover hover:text-ink"
        />
        <AccountMenu />
      </div>
    </nav>
  );
}

function BottomBar(props: { path: string }) {
  return (
    <nav
      aria-label="Main"
      class="grid shrink-0 auto-cols-fr grid-flow-col border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <For each={navEntries()}>
        {(entry) => (
          <A
            href={entry.href}
            aria-current={isCurrent(entry, props.path) ? 'page' : undefined}
            class={cx(
              'relative flex h-14 flex-col items-center justify-center gap-0.5 text-xs font-medium outline-offset-[-3px]',
              isCurrent(entry, props.path) ? 'text-accent-ink' : 'text-ink-2',
            )}
          >
            <entry.icon size={20} aria-hidden="true" />
            {entry.label}
            <Show when={entry.href === '/disputes' && disputeBadge()}>
              {(badge) => (
                <span class="absolute top-1 left-1/2 ml-2 rounded-full bg-warn-soft px-1.5 text-2xs font-semibold text-warn-ink">
                  {badge()}
                </span>
              )}
            </Show>
            <Show when={entry.href === '/notifications' && notifications.unread() > 0}>
              <span class="absolute top-1 left-1/2 ml-2 rounded-full bg-accent px-1.5 text-2xs font-semibold text-on-accent">
                {notifications.unread() >= 100 ? '99+' : notifications.unread()}
              </span>
            </Show>
          </A>
        )}
      </For>
    </nav>
  );
}
