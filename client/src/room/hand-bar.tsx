import type { LayerId } from '@concord/core/records/ids';
import Hand from 'lucide-solid/icons/hand';
import { For } from 'solid-js';
import type { LayerView, RoomModel } from '../store/index.ts';
import { Avatar, Button } from '../ui/index.ts';
import type { PeopleBook } from './people-book.ts';

/** Who in this room asks for help, for who reviews: answer in words, or take the hand down. */
export function HandBar(props: {
  layers: RoomModel['layers'];
  people: PeopleBook;
  onAnswer: (layer: LayerId) => void;
  onLower: (layer: LayerId) => void;
}) {
  const raised = () =>
    Object.values(props.layers)
      .filter((layer): layer is LayerView => layer !== undefined && layer.hand !== null)
      .sort((a, b) => (a.hand?.at ?? 0) - (b.hand?.at ?? 0));
  return (
    <For each={raised()}>
      {(layer) => (
        <div
          class="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line bg-warn-soft px-4 py-2 text-base text-warn-ink"
          role="status"
          data-testid="raised-hand"
        >
          <Hand size={16} class="shrink-0" aria-hidden="true" />
          <Avatar
            user={{ display: props.people.displayOf(layer.id), color: props.people.colorOf(layer.id) }}
            size={22}
          />
          <span class="min-w-0 flex-1 basis-48 break-words">
            <span class="font-medium">{props.people.displayOf(layer.id)}</span> asks for help
            {layer.hand?.text === '' ? '.' : `: ${layer.hand?.text}`}
          </span>
          <span class="flex gap-1.5">
            <Button size="sm" onClick={() => props.onAnswer(layer.id)}>
              Answer
            </Button>
            <Button size="sm" onClick={() => props.onLower(layer.id)}>
              Take the hand down
            </Button>
          </span>
        </div>
      )}
    </For>
  );
}
