import type { AnnotatorFigures, PairAgreements } from '@concord/core/protocol/resources';
import { For, Show } from 'solid-js';
import { coefficient, plural } from '../../lib/format.ts';
import { Avatar } from '../../ui/avatar.tsx';

/** How far each two people agree, where to look first on top; out of `total` pairs. */
export function PairKappas(props: {
  pairs: PairAgreements['items'];
  total: number;
  people: readonly AnnotatorFigures[];
}) {
  const person = (id: string) => props.people.find((p) => p.user.id === id)?.user;
  return (
    <Show
      when={props.pairs.length > 0}
      fallback={<p class="text-sm text-ink-3">Appears when two people have answered the same items blind.</p>}
    >
      <ul class="flex flex-col">
        <For each={props.pairs}>
          {(pair) => (
            <li class="flex items-center gap-2.5 py-1">
              <span class="flex -space-x-1.5">
                <For each={[pair.a, pair.b]}>
                  {(id) => <Avatar user={person(id) ?? { display: '?', color: '#94a3b8' }} size={22} />}
                </For>
              </span>
              <span class="min-w-0 flex-1 truncate text-sm">
                {person(pair.a)?.display ?? 'Somebody'} and {person(pair.b)?.display ?? 'somebody'}
              </span>
              <span class="text-xs whitespace-nowrap text-ink-3">{plural(pair.items, 'item')}</span>
              <Show
                when={pair.kappa !== null}
                fallback={<span class="text-xs whitespace-nowrap text-ink-3">not enough yet</span>}
              >
                <span class="w-11 text-right font-medium tabular-nums">{coefficient(pair.kappa)}</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.total > props.pairs.length}>
        <p class="mt-1 text-sm text-ink-3">and {plural(props.total - props.pairs.length, 'more pair')}</p>
      </Show>
    </Show>
  );
}
