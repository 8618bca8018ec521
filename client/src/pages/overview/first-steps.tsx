import FolderUp from 'lucide-solid/icons/upload';
import { Show } from 'solid-js';
import { useProject } from '../../shell/project-context.ts';
import { iMay } from '../../shell/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';

/** A project without tasks: what to do first. */
export function FirstSteps() {
  const { summary } = useProject();
  const at = () => `/projects/${summary().project.id}`;
  return (
    <div class="card">
      <EmptyState
        icon={<FolderUp size={20} aria-hidden="true" />}
        title={iMay('manage-projects') ? 'Bring your data in' : 'No tasks yet'}
        action={
          <Show when={iMay('manage-projects')}>
            <LinkButton kind="primary" href={`${at()}/import`}>
              Import data
            </LinkButton>
            <LinkButton href="/people">Invite people</LinkButton>
            <LinkButton href={`${at()}/settings`}>Check the rules</LinkButton>
          </Show>
        }
      >
        {iMay('manage-projects')
          ? 'Each row, text or picture becomes a task. As soon as the first is in, everybody with an account can label it.'
          : 'Once a lead has imported data, you can label it here.'}
      </EmptyState>
    </div>
  );
}
