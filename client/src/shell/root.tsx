import type { RouteSectionProps } from '@solidjs/router';
import { ErrorBoundary, Suspense } from 'solid-js';
import { ErrorState, ToastRegion } from '../ui/index.ts';

/** Around every page: the last catch for errors, and toasts. */
export function Root(props: RouteSectionProps) {
  return (
    <>
      <ErrorBoundary fallback={(error) => <ErrorState error={error} retry={() => location.reload()} />}>
        <Suspense>{props.children}</Suspense>
      </ErrorBoundary>
      <ToastRegion />
    </>
  );
}
