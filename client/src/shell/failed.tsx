import { useLocation } from '@solidjs/router';
import { createEffect, on } from 'solid-js';
import { ErrorState } from '../ui/states.tsx';

/** What an error boundary around pages shows. Another page may well load: leaving this one ends its error. */
export function Failed(props: { error: unknown; reset: () => void }) {
  const location = useLocation();
  createEffect(on(() => location.pathname, props.reset, { defer: true }));
  return <ErrorState error={props.error} retry={props.reset} />;
}
