import { A, useParams } from '@solidjs/router';
import ChevronLeft from 'lucide-solid/icons/chevron-left';
import { createResource, Show, Suspense } from 'solid-js';
import { call } from '../../api/index.ts';
import { surfaceOf } from '../../modalities/registry.ts';
import { buttonClass, ErrorState, StateBadge } from '../../ui/index.ts';
import { Replay } from './replay.tsx';

/** A room's history by itself, without entering the room. */
export function HistoryPage() {
  const params = useParams();
  const [opened, { refetch }] = createResource(
    () => params['task'],
    async (task) => {
      const detail = await call('tasks.get', { params: { task } });
      return { detail, surface: await surfaceOf(detail.project.schema.modality) };
    },
  );
  return (
    <Suspense fallback={<div class="h-dvh" aria-busy="true" />}>
      <Show
        when={opened.error}
        fallback={
          <Show when={opened()} keyed>
            {({ detail, surface }) => (
              <Replay
                detail={detail}
                surface={surface}
                head={
                  <>
                    <A
                      href={`/projects/${detail.project.id}/data`}
                      class={buttonClass('quiet', 'sm', true)}
                      aria-label="To the data"
                      title="To the data"
                    >
                      <ChevronLeft size={18} aria-hidden="true" />
                    </A>
                    <div class="min-w-0">
                      <h1 class="truncate text-base font-semibold">{detail.project.name}</h1>
                      <p class="text-xs whitespace-nowrap text-ink-3 tabular">
                        History of task {detail.task.seq}
                      </p>
                    </div>
                    <StateBadge state={detail.task.state} />
                    <A href={`/review/${detail.task.id}`} class={buttonClass('secondary', 'sm')}>
                      Open the room
                    </A>
                  </>
                }
              />
            )}
          </Show>
        }
      >
        <main class="grid h-dvh place-items-center">
          <ErrorState error={opened.error} retry={() => void refetch()} />
        </main>
      </Show>
    </Suspense>
  );
}
