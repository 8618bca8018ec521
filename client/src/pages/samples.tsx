import { createAsync, revalidate, useNavigate } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, For, Show } from 'solid-js';
import { call } from '../api/index.ts';
import { plural } from '../lib/format.ts';
import { modalityLook } from '../lib/modality-look.ts';
import { readProjects, readSamples } from '../reads/queries.ts';
import { Button } from '../ui/button.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { showError } from '../ui/toast.tsx';

/** Sample projects on real data. Open by itself on the very first visit; folded away once there are projects. */
export function Samples(props: { welcome: boolean }) {
  const samples = createAsync(() => readSamples());
  const left = () => (samples() ?? []).filter((s) => !s.added);
  return (
    <Show when={left().length > 0}>
      <Show
        when={props.welcome}
        fallback={
          <details class="mt-8">
            <summary class="w-fit rounded-md text-sm font-medium text-ink-2 hover:text-ink">
              Sample projects ({left().length})
            </summary>
            <SampleList samples={left()} />
          </details>
        }
      >
        <section class="mt-8">
          <h2 class="text-md">Or begin with a sample</h2>
          <p class="text-ink-2">Real data, small, ready to label. Archive it when you are done with it.</p>
          <SampleList samples={left()} />
        </section>
      </Show>
    </Show>
  );
}

interface Sample {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly modality: string;
  readonly items: number;
  readonly attribution: string;
}

function SampleList(props: { samples: readonly Sample[] }) {
  const navigate = useNavigate();
  const [adding, setAdding] = createSignal<string | null>(null);
  async function add(sample: Sample): Promise<void> {
    setAdding(sample.name);
    try {
      const project = await call('samples.add', { params: { sample: sample.name } });
      void revalidate([readProjects.key, readSamples.key]);
      navigate(`/projects/${project.id}`);
    } catch (error) {
      showError(error);
      setAdding(null);
    }
  }
  return (
    <ul class="mt-3 grid gap-3 sm:grid-cols-2">
      <For each={props.samples}>
        {(sample) => {
          const look = modalityLook(sample.modality);
          return (
            <li class="card flex gap-3.5 p-4">
              <span class="grid size-9 shrink-0 place-items-center rounded-md bg-accent-soft text-accent-ink">
                {look.icon({ size: 18, 'aria-hidden': 'true' })}
              </span>
              <div class="min-w-0 flex-1">
                <h3 class="text-base">{sample.title}</h3>
                <p class="text-sm text-ink-2">{sample.description}</p>
                <p class="mt-1 text-xs text-ink-3">
                  {look.title} · {plural(sample.items, 'item')}
                </p>
                <Show when={sample.attribution}>
                  <details class="mt-1 text-xs text-ink-3">
                    <summary class="w-fit rounded-sm hover:text-ink">Source and licence</summary>
                    <Markdown text={sample.attribution} class="mt-1 text-xs" />
                  </details>
                </Show>
              </div>
              <Button
                size="sm"
                busy={adding() === sample.name}
                disabled={adding() !== null}
                onClick={() => void add(sample)}
              >
                <Plus size={14} aria-hidden="true" />
                Add
              </Button>
            </li>
          );
        }}
      </For>
    </ul>
  );
}
