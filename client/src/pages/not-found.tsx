import Compass from 'lucide-solid/icons/compass';
import { LinkButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/states.tsx';

export function NotFound() {
  return (
    <EmptyState
      icon={<Compass size={20} aria-hidden="true" />}
      title="There is no page here"
      action={
        <LinkButton kind="primary" href="/">
          Go to projects
        </LinkButton>
      }
    >
      The address may be mistyped, or what it showed is gone.
    </EmptyState>
  );
}
