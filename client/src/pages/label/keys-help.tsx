import { For } from 'solid-js';
import type { KeyHelp, Surface } from '../../modalities/surface.ts';
import { Dialog, Kbd } from '../../ui/index.ts';

const common: readonly KeyHelp[] = [
  { keys: ['Ctrl', 'Enter'], does: 'Submit and go on' },
  { keys: ['Ctrl', 'Space'], does: 'Skip: give the task to somebody else' },
  { keys: ['Ctrl', 'Z'], does: 'Undo what I did last' },
  { keys: ['Ctrl', 'Shift', 'Z'], does: 'Redo' },
  { keys: ['H'], does: 'Ask a reviewer for help' },
  { keys: ['G'], does: 'Show or hide guidelines and labels' },
  { keys: ['?'], does: 'These keys' },
];

/** All keys that work here. */
export function KeysHelp(props: {
  open: boolean;
  onClose: () => void;
  surface: Surface;
  more?: readonly KeyHelp[];
}) {
  return (
    <Dialog open={props.open} onClose={props.onClose} title="Keys">
      <dl class="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2">
        <For each={[...props.surface.keys, ...(props.more ?? common)]}>
          {(row) => (
            <>
              <dt class="flex gap-1">
                <For each={row.keys}>{(key) => <Kbd>{key}</Kbd>}</For>
              </dt>
              <dd class="text-base text-ink-2">{row.does}</dd>
            </>
          )}
        </For>
      </dl>
    </Dialog>
  );
}
