import CircleCheck from 'lucide-solid/icons/circle-check';
import { Show } from 'solid-js';
import { EmptyState, LinkButton } from '../../ui/index.ts';

/** Nothing to do: says why, and goes away by itself when there is something. */
export function EmptyQueue(props: {
  project: string;
  previous: { readonly id: string; readonly seq: number } | null;
}) {
  return (
    <main class="grid h-dvh place-items-center">
      <EmptyState
        icon={<CircleCheck size={22} aria-hidden="true" />}
        title="Nothing waits for you here"
        action={
          <>
            <LinkButton kind="primary" href={`/projects/${props.project}`}>
              To the project
            </LinkButton>
            <Show when={props.previous}>
              {(previous) => (
                <LinkButton href={`/label/${props.project}/${previous().id}`}>
                  Look at task {previous().seq} again
                </LinkButton>
              )}
            </Show>
          </>
        }
      >
        You have done every task that is open to you. Leave this page open: it goes on by itself when data is
        imported, a colleague gives a task back, or one more opinion is wanted.
      </EmptyState>
    </main>
  );
}
