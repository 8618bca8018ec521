import type { LabelSchema } from '@concord/core/records/label-schema';
import { For } from 'solid-js';
import { classColor, classTitle } from '../../modalities/surface.ts';
import type { LayerView } from '../../store/index.ts';
import { Avatar } from '../../ui/index.ts';
import { tally } from './compare.ts';

/** How many chose what, one bar an option, and who. */
export function VoteBars(props: {
  question: string;
  schema: LabelSchema;
  people: readonly LayerView[];
  nameOf: (id: string) => string;
  colorOf: (id: string) => string;
}) {
  const rows = () =>
    tally(
      props.question,
      props.schema.classes.map((c) => c.name),
      props.people,
    )
      .filter((row) => row.by.length > 0 || props.schema.classes.length <= 5)
      .sort((a, b) => b.by.length - a.by.length);
  return (
    <ul class="mb-3 flex flex-col gap-1.5" data-testid="votes">
      <For each={rows()}>
        {(row) => (
          <li class="grid grid-cols-[7.5rem_1fr_auto] items-center gap-2.5">
            <span class="truncate text-base">{classTitle(props.schema, row.value)}</span>
            <span class="h-2.5 overflow-hidden rounded-full bg-sunken">
              <span
                class="block h-full rounded-full transition-[width] duration-200"
                style={{
                  width: `${props.people.length === 0 ? 0 : (row.by.length / props.people.length) * 100}%`,
                  background: classColor(props.schema, row.value),
                }}
              />
            </span>
            <span class="flex min-w-12 items-center justify-end gap-1.5 text-sm text-ink-2 tabular">
              <span class="flex -space-x-1">
                <For each={row.by.slice(0, 4)}>
                  {(id) => (
                    <Avatar user={{ display: props.nameOf(id), color: props.colorOf(id) }} size={18} />
                  )}
                </For>
              </span>
              {row.by.length}
            </span>
          </li>
        )}
      </For>
    </ul>
  );
}
