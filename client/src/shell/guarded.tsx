import { Navigate, type RouteSectionProps, useLocation } from '@solidjs/router';
import { createEffect, Match, Switch } from 'solid-js';
import { signInAddress } from '../lib/return-address.ts';
import { ErrorState } from '../ui/index.ts';
import { useNotificationToasts } from './notification-toasts.ts';
import { notifications } from './notifications.ts';
import { currentUser, loadSession, sessionError } from './session.ts';

/** Pages for people who are signed in; others go to sign in and come back. */
export function Guarded(props: RouteSectionProps) {
  const location = useLocation();
  createEffect(() => {
    if (currentUser()) notifications.follow();
  });
  useNotificationToasts();
  return (
    <Switch fallback={props.children}>
      <Match when={sessionError()}>
        {(error) => <ErrorState error={error()} retry={() => void loadSession()} />}
      </Match>
      <Match when={currentUser() === null}>
        <Navigate href={signInAddress(location.pathname + location.search)} />
      </Match>
    </Switch>
  );
}
